// Worlds around the lock-table backend (backend-protocols.md 5): one item in a table, the state in S3 or
// beside it.
#include <stdexcept>

#include "models/backends/lock_table.hpp"
#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

models::TakeOver take_over_of(LockTableProtocol protocol) {
  switch (protocol) {
    case LockTableProtocol::l0:
      return models::TakeOver::never;
    case LockTableProtocol::l1a:
      return models::TakeOver::always;
    case LockTableProtocol::l1b:
      return models::TakeOver::if_locked;
    case LockTableProtocol::l1c:
      return models::TakeOver::if_last_modified;
    case LockTableProtocol::corrected:
      return models::TakeOver::if_epoch;
  }
  return models::TakeOver::never;
}

models::LockTableOptions options_of(const Scenario& scenario) {
  const BackendSettings& settings = scenario.backend;
  models::LockTableOptions options;
  options.take_over = take_over_of(settings.protocol);
  options.lease_ticks = settings.lease_ticks;
  options.observer_ageing = settings.observer_ageing || options.fenced();
  // 5.4.4 has a heartbeat; without clocks there is nothing to beat against, and a lock may be taken over at
  // any moment.
  options.heartbeat = settings.heartbeat || (options.fenced() && scenario.time.ticks > 0);
  options.heartbeat_unconditional = settings.heartbeat_unconditional;
  options.conditional_acquire = settings.conditional_acquire;
  options.conditional_create = settings.conditional_create;
  options.conditional_release = settings.conditional_release;
  options.token_release = settings.token_release;
  options.consistent_probe = settings.consistent_probe;
  options.long_apply = settings.long_apply;
  options.operator_clears = scenario.force_unlock.force_unlock > 0;
  options.max_attempts = settings.retries ? settings.max_retries : 1;
  options.runs = scenario.client.runs;
  options.clock_ticks = scenario.time.ticks;
  const bool reads_clock =
      options.heartbeat || (options.take_over != models::TakeOver::never && !options.observer_ageing);
  if (reads_clock && scenario.time.ticks == 0)
    throw std::invalid_argument("lock-table: this protocol needs bounded time");
  return options;
}

models::LockTable table_of(const Scenario& scenario, const models::LockTableOptions& options) {
  models::LockTable table;
  table.has_owner = options.fenced();
  table.row_exists = scenario.initial == InitialState::existing;
  table.stale_lock = scenario.backend.stale_lock;
  table.eventual_reads = !options.consistent_probe;
  if (options.fenced()) table.initial_state = initial_snapshot(scenario);
  if (options.take_over != models::TakeOver::never && scenario.time.ticks > 0)
    table.lease_ticks = options.lease_ticks;
  // A client that was slow to send its LastModified has the shorter lease for it, which is no robbery; but a
  // wrong LastModified shortens nothing.
  table.lease_from_write = options.observer_ageing || scenario.faults[sim::Fault::clock_skew] > 0;
  return table;
}

}  // namespace

void add_lock_table(const Scenario& scenario, World& world, WorldParts& parts) {
  const models::LockTableOptions options = options_of(scenario);
  const sim::ServiceRef<models::LockTable> table{static_cast<std::uint8_t>(world.spec.services.size())};
  world.spec.services.push_back(sim::make_service(table_of(scenario, options)));

  sim::ServiceRef<models::S3> s3{};
  if (!options.fenced()) {
    models::S3 bucket;
    bucket.lock_here = false;
    bucket.initial_state = initial_snapshot(scenario);
    s3.index = static_cast<std::uint8_t>(world.spec.services.size());
    world.spec.services.push_back(sim::make_service(bucket));
  }
  const auto backend = std::make_shared<const models::LockTableBackend>(options, table, s3);
  world.backend = backend;
  parts.has_lock = true;
  parts.client_body = [backend](sim::Process& self) { run_lock_table_client(self, *backend); };
  parts.stored_state = [fenced = options.fenced(), table, s3](const sim::ValuePool& values,
                                                              const sim::EndState& end) {
    if (fenced) return values.get<models::LockTable::Value>(end.services[table.index]).state;
    return values.get<models::S3::Value>(end.services[s3.index]).state;
  };
}

}  // namespace lockstorm::scenarios
