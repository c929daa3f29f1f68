#include "scenarios/data/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::scenarios {
namespace {

// What people do besides force-unlock in the jobs' own directory.
std::string canonical_text(const OperatorSettings& people) {
  std::string text;
  for (std::size_t act = 0; act < models::kHandActs; ++act) {
    if (people.by_hand[act] > 0)
      text += fmt::format("|{} {}", models::kHandActNames[act], people.by_hand[act]);
  }
  if (people.new_serial) text += "|new serial";
  if (people.block) text += "|operator's block " + (*people.block)->canonical_text();
  return text;
}

// Rules that are as usual are not written: replay strings outlive versions.
std::string canonical_text(const models::OrchestratorRules& rules) {
  const models::OrchestratorRules usual;
  std::string text = "|orchestrator";
  const auto add = [&](std::string_view name, auto value, auto standard) {
    if (value != standard) text += fmt::format(" {}={}", name, static_cast<int>(value));
  };
  add("locks at", rules.locks_at, usual.locks_at);
  add("owner", rules.owner, usual.owner);
  add("locks in", rules.locks_in, usual.locks_in);
  add("directory", rules.directory_lock, usual.directory_lock);
  add("replicas", rules.replicas, usual.replicas);
  add("approval", rules.approval, usual.approval);
  add("without plan", rules.without_plan, usual.without_plan);
  add("released by", rules.released_by, usual.released_by);
  add("unlock", rules.unlock, usual.unlock);
  add("unlock deletes", rules.unlock_deletes, usual.unlock_deletes);
  add("keeps dropped", rules.keeps_dropped_plans, usual.keeps_dropped_plans);
  add("queues", rules.queues, usual.queues);
  add("without database", rules.without_database, usual.without_database);
  add("database failures", rules.database_failures, usual.database_failures);
  return text;
}

// Every setting that changes what is simulated, as text; two scenarios with equal text are the same world.
std::string canonical_text(const Scenario& s) {
  std::string text = s.backend->canonical_text();
  text += fmt::format("{}|{}|{}|{}|{}|", static_cast<int>(s.client.tool), s.client.count,
                      s.client.lock_timeout.count(), s.client.resources, s.client.runs);
  text += fmt::format("{}|{}|{}|{}{}|", s.force_unlock.force_unlock, static_cast<int>(s.force_unlock.target),
                      static_cast<int>(s.initial), s.time.ticks, s.time.urgent);
  // Kinds that came later count only where they are declared: replay strings outlive versions.
  constexpr std::size_t kFirstKinds = 10;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (kind < kFirstKinds) {
      text += fmt::format("{},", s.faults.count[kind]);
    } else if (s.faults.count[kind] > 0) {
      text += fmt::format("{} {},", sim::kFaultNames[kind], s.faults.count[kind]);
    }
  }
  if (s.lost_connection != models::LostConnection::either)
    text += fmt::format("connections end {},", static_cast<int>(s.lost_connection));
  if (s.begins) text += "|" + canonical_text(*s.begins);
  text += canonical_text(s.force_unlock);
  if (s.lock_sharers > 0) text += fmt::format("|lock shared by {}", s.lock_sharers);
  if (s.initial_lock != InitialLock::none)
    text += fmt::format("|locked {}", static_cast<int>(s.initial_lock));
  if (s.orchestrator) text += canonical_text(*s.orchestrator);
  if (s.recorded) text += fmt::format("|records {}", *s.recorded);
  if (is_plain(s) && s.client.runner == Runner::ephemeral) text += "|ephemeral";
  if (is_plain(s) && s.client.removes != 0) text += fmt::format("|removes {}", s.client.removes);
  if (!is_plain(s)) {
    for (const Fleet& fleet : s.all_fleets()) text += canonical_text(fleet);
  }
  return text;
}

std::string clients_text(unsigned count) { return fmt::format("{} client{}", count, count == 1 ? "" : "s"); }

}  // namespace

std::uint64_t fingerprint(const Scenario& scenario) {
  return fnv1a(canonical_text(scenario)) & 0xFFFF'FFFFULL;  // 32 bits keep replay strings short
}

std::string_view tool_name(models::Dialect tool) {
  return tool == models::Dialect::terraform ? "Terraform" : "OpenTofu";
}

std::string_view tool_key(models::Dialect tool) {
  return tool == models::Dialect::terraform ? "terraform" : "opentofu";
}

std::vector<Fleet> Scenario::all_fleets() const {
  return fleets.empty() ? std::vector{Fleet{client, backend}} : fleets;
}

unsigned Scenario::clients() const {
  unsigned count = 0;
  for (const Fleet& fleet : all_fleets()) count += fleet.client.count;
  return count;
}

std::uint8_t Scenario::resources() const {
  std::uint8_t most = client.resources;
  for (const Fleet& fleet : fleets) most = std::max(most, fleet.client.resources);
  return most;
}

bool is_plain(const Scenario& scenario) { return scenario.fleets.empty() && is_plain(scenario.client); }

std::string summary(const Scenario& scenario) {
  std::string text;
  for (const Fleet& fleet : scenario.all_fleets()) {
    text += fmt::format("{}{}, {}, {}", text.empty() ? "" : "; ", tool_name(fleet.client.tool),
                        fleet.backend->summary(), clients_text(fleet.client.count));
    if (!is_plain(scenario)) text += ": " + commands_text(fleet.client);
  }
  return text;
}

}  // namespace lockstorm::scenarios
