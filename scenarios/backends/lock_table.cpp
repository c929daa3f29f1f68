// The lock-table backend (backend-protocols.md 5): one item in a table, the state in S3 or beside it.
#include "scenarios/backends/lock_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "models/backends/lock_table.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kLockTableServices{{
    {"lock-table", "the simplified table: one item that is the lock, with conditional writes"},
}};

constexpr auto kProtocols = sim::text_for_each<LockTableProtocol>({"L0", "L1a", "L1b", "L1c", "corrected"});
constexpr std::uint8_t kSdkAttempts = 5;

// How a lock-table client measures the age of a lock (backend-protocols.md 5.3, L1-6).
void read_ageing(YamlReader& reader, const YAML::Node& section, bool& observer_ageing) {
  static constexpr std::array<std::string_view, 2> kAgeing{"last-modified", "observer"};
  auto ageing = static_cast<std::size_t>(observer_ageing);
  reader.choice(section,
                {"ageing",
                 "how a lock's age is measured: by LastModified and the clock, or by how long the record was "
                 "seen unchanged"},
                kAgeing, ageing);
  observer_ageing = ageing == 1;
}

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

models::LockTableOptions options_of(const LockTableConfig& settings, const Scenario& scenario,
                                    bool virtual_time) {
  models::LockTableOptions options;
  options.take_over = take_over_of(settings.protocol);
  options.lease_ticks = settings.lease_ticks;
  options.observer_ageing = settings.observer_ageing || options.fenced();
  // 5.4.4 has a heartbeat; without clocks there is nothing to beat against, and a lock may be taken over at
  // any moment.
  options.heartbeat = settings.heartbeat || (options.fenced() && (virtual_time || scenario.time.ticks > 0));
  options.heartbeat_unconditional = settings.heartbeat_unconditional;
  options.conditional_acquire = settings.conditional_acquire;
  options.conditional_create = settings.conditional_create;
  options.conditional_release = settings.conditional_release;
  options.token_release = settings.token_release;
  options.consistent_probe = settings.consistent_probe;
  options.long_apply = settings.long_apply;
  options.operator_clears = scenario.force_unlock.force_unlock > 0;
  options.max_attempts = settings.retries ? kSdkAttempts : std::uint8_t{1};
  options.runs = scenario.client.runs;
  options.clock_ticks = scenario.time.ticks;
  options.virtual_time = virtual_time;
  const bool reads_clock =
      options.heartbeat || (options.take_over != models::TakeOver::never && !options.observer_ageing);
  if (reads_clock && !options.has_clocks())
    throw std::invalid_argument("lock-table: this protocol needs bounded time");
  return options;
}

models::LockTable table_of(const LockTableConfig& settings, const Scenario& scenario,
                           const models::LockTableOptions& options) {
  models::LockTable table;
  table.has_owner = options.fenced();
  table.row_exists = scenario.initial == InitialState::existing;
  table.stale_lock = settings.stale_lock;
  table.held_lock = settings.held_lock;
  table.eventual_reads = !options.consistent_probe;
  if (options.fenced()) table.initial_state = initial_snapshot(scenario);
  if (options.take_over != models::TakeOver::never && options.has_clocks())
    table.lease_ticks = options.lease_ticks;
  // A client that was slow to send its LastModified has the shorter lease for it, which is no robbery; but a
  // wrong LastModified shortens nothing.
  table.lease_from_write = options.observer_ageing || scenario.faults[sim::Fault::clock_skew] > 0;
  return table;
}

}  // namespace

const BackendType& lock_table_backend() {
  static constexpr BackendType kType{
      .name = "lock-table",
      .summary = "a lock built on a table with IsLocked and LastModified, and its repair",
      .services = kLockTableServices,
      .matrix_modes = "L0 L1a L1b L1c corrected",
      .defaults = default_config<LockTableConfig>,
  };
  return kType;
}

const BackendType& LockTableConfig::type() const { return lock_table_backend(); }

void LockTableConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "protocol", "heartbeat", "heartbeat_unconditional", "conditional_acquire",
                        "conditional_release", "conditional_create", "token_release", "stale_lock",
                        "held_lock", "consistent_probe", "ageing", "long_apply", "lease_ticks", "retries"});
  auto number = static_cast<std::size_t>(protocol);
  reader.choice(section,
                {"protocol",
                 "L0 waits; L1a, L1b and L1c take over by age, with ever better conditions; corrected has "
                 "owner, epoch and fence"},
                kProtocols, number);
  protocol = static_cast<LockTableProtocol>(number);
  reader.flag(section, {"heartbeat", "the holder renews its lock"}, heartbeat);
  reader.flag(section, {"heartbeat_unconditional", "it renews without a condition"}, heartbeat_unconditional);
  reader.flag(section, {"conditional_acquire", "false: it reads, then writes"}, conditional_acquire);
  reader.flag(section, {"conditional_release", "the release asks that the item be locked"},
              conditional_release);
  reader.flag(section,
              {"consistent_probe", "false: a lock's age is read with an eventually consistent GetItem"},
              consistent_probe);
  reader.flag(section, {"conditional_create", "false: the first use creates the item with a plain write"},
              conditional_create);
  reader.flag(section, {"token_release", "the release asks for the LastModified that the client wrote last"},
              token_release);
  reader.flag(section, {"stale_lock", "an earlier job died with the lock"}, stale_lock);
  reader.flag(section, {"held_lock", "an earlier job, still alive, took the lock a moment ago"}, held_lock);
  read_ageing(reader, section, observer_ageing);
  reader.flag(section, {"long_apply", "false: an apply takes no longer than its messages"}, long_apply);
  reader.number(section, {"lease_ticks", "a lock that is older is stale"}, 1, 7, lease_ticks);
  reader.flag(section, {"retries", "the SDK repeats requests without an answer"}, retries);
}

// Age by LastModified, and heartbeats, need clocks.
std::optional<Objection> LockTableConfig::objection(const Scenario& scenario) const {
  const bool fenced = protocol == LockTableProtocol::corrected;
  const bool ages = protocol != LockTableProtocol::l0 && !fenced && !observer_ageing;
  if (scenario.time.ticks == 0 && (ages || heartbeat)) {
    return Objection{"backend", "this lock-table protocol reads clocks, and the scenario has none",
                     "time: {ticks: 4, urgent: true}", ""};
  }
  return std::nullopt;
}

std::string LockTableConfig::summary() const {
  return fmt::format("lock-table {}{}", kProtocols[static_cast<std::size_t>(protocol)],
                     heartbeat ? " with heartbeat" : "");
}

// The constant parts stand where settings of other backends once stood: replay strings outlive versions.
std::string LockTableConfig::canonical_text() const {
  std::string text = fmt::format("2|falsefalsefalse|{}|truetrue|{}{}{}{}{}{}{}|", kSdkAttempts,
                                 static_cast<int>(protocol), heartbeat, heartbeat_unconditional,
                                 conditional_acquire, conditional_release, consistent_probe, retries);
  text += fmt::format("{}{}{}{}{}{}|", token_release, stale_lock, conditional_create, observer_ageing,
                      long_apply, lease_ticks);
  if (held_lock) text += "held|";
  return text + "truetruetruenevertruetrue|";
}

std::vector<std::string> LockTableConfig::audit_modes() const {
  return {std::string(kProtocols[static_cast<std::size_t>(protocol)])};
}

// An apply that takes no longer than its messages ends within the few ticks that such a world has.
bool LockTableConfig::read_audit_mode(std::string_view mode) {
  const auto* const named = std::ranges::find(kProtocols, mode);
  if (named == kProtocols.end()) return false;
  protocol = static_cast<LockTableProtocol>(named - kProtocols.begin());
  long_apply = false;
  return true;
}

// Whoever takes locks over by their age needs clocks to tell it.
void LockTableConfig::prepare_audit(Scenario& scenario) const {
  if (protocol != LockTableProtocol::l0) scenario.time = {.ticks = 4, .urgent = true};
}

void LockTableConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  const models::LockTableOptions options = options_of(*this, scenario, parts.virtual_time);
  if (options.virtual_time && options.take_over != models::TakeOver::never)
    world.spec.time.servers_age = true;
  const auto table = add_service(world, table_of(*this, scenario, options));

  sim::ServiceRef<models::S3> s3{};
  if (!options.fenced()) {
    models::S3 bucket;
    bucket.lock_here = false;
    bucket.initial_state = initial_snapshot(scenario);
    s3 = add_service(world, bucket);
  }
  const auto backend = std::make_shared<const models::LockTableBackend>(options, table, s3);
  world.backend = backend;
  parts.script = {models::Command::apply};
  parts.client_body = [backend](sim::Process& self) { run_lock_table_client(self, *backend); };
  parts.stored_state = [fenced = options.fenced(), table, s3](const sim::ValuePool& values,
                                                              const sim::EndState& end) {
    if (fenced) return values.get<models::LockTable::Value>(end.services[table.index]).state;
    return values.get<models::S3::Value>(end.services[s3.index]).state;
  };
}

}  // namespace lockstorm::scenarios
