#include "cli/confirm/confirm_script.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/confirm/tool_backend.hpp"
#include "scenarios/data/beginning.hpp"
#include "wire/confirm/tool_commands.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Counterexample;
using scenarios::CounterexampleStep;
using scenarios::Fleet;
using scenarios::Scenario;
using wire::confirm::Role;

wire::confirm::ScriptStep step_of(const CounterexampleStep& told) {
  wire::confirm::ScriptStep step;
  step.number = told.number;
  step.actor = told.actor_slot;
  step.kind = told.kind;
  step.is_time = told.is_time;
  step.service = told.service;
  step.operation = told.operation;
  step.object = told.about.object;
  // To ask for a lock or to give it back is no read, even if nothing comes of it.
  const sim::LockUse use = told.about.lock;
  step.changes = !told.changes.empty() || (use != sim::LockUse::none && use != sim::LockUse::looks);
  step.sent = told.sent;
  step.alternative = told.alternative;
  step.told = {told.told.status, told.told.is_refusal, told.told.version.serial};
  step.begins_to_act = told.decides_to_act;
  step.choice = told.choice;
  step.second_way = told.second_way;
  step.text = told.text;
  return step;
}

bool is_operator(const Counterexample& told, std::size_t slot) {
  return std::ranges::any_of(told.steps, [&](const CounterexampleStep& step) {
    return step.by_operator && step.actor_slot == slot;
  });
}

std::expected<Role, std::string> role_of(const Fleet& fleet, std::string name, const StoreNames& names) {
  auto backend = tool_backend_of(fleet.backend, names);
  if (!backend) return std::unexpected(backend.error());
  Role role;
  role.name = std::move(name);
  for (unsigned run = 0; run < fleet.client.runs; ++run)
    role.commands.insert(role.commands.end(), fleet.client.commands.begin(), fleet.client.commands.end());
  role.resources = fleet.client.resources;
  role.lock_timeout = std::chrono::duration_cast<std::chrono::seconds>(fleet.client.lock_timeout);
  role.locks = fleet.client.lock;
  role.backend = *std::move(backend);
  return role;
}

// The key of a bug that only some release has; empty: the fleet's release has none.
std::string_view bug_of(const models::Release& release) {
  if (release.leaks_lock != models::LeaksLock::never) return "leaks_lock";
  if (release.ignores_unlock_error) return "ignores_unlock_error";
  if (release.refusal_is_final) return "refusal_is_final";
  if (release.unlock_is_cancelled) return "unlock_is_cancelled";
  if (release.locks_twice) return "locks_twice";
  if (release.saves_empty) return "saves_empty";
  if (release.cleans_up_refused) return "cleans_up_refused";
  return {};
}

// Why the jobs of this fleet cannot be had, whatever they run.
std::string objection_to_fleet(const Fleet& fleet) {
  const scenarios::ClientSettings& client = fleet.client;
  if (client.removes != 0) return "a configuration that lacks a resource is not written";
  if (!client.lacks.empty()) return "the servers here know no rights";
  if (client.retries > 0) return "no pipeline runs a script again here";
  if (client.restarts > 0) return "no CI system starts a lost job anew here (restarts)";
  if (client.reads_before_lock) return "it needs a tool of before 0.11.4";
  if (const std::string_view bug = bug_of(client.release); !bug.empty())
    return fmt::format("it needs a release with the bug that `{}` names", bug);
  if (client.shares_directory) return "each job is given a directory of its own (shared_directory)";
  if (client.reads_other_state) return "no configuration that reads another state is written (reads)";
  return "";
}

}  // namespace

wire::confirm::Script script_of(const Counterexample& told) {
  wire::confirm::Script script;
  for (std::size_t slot = 0; slot < told.actors.size(); ++slot)
    script.actors.push_back({told.actors[slot], is_operator(told, slot)});
  for (const CounterexampleStep& step : told.steps) script.steps.push_back(step_of(step));
  return script;
}

std::expected<std::vector<Role>, std::string> roles_of(const Scenario& scenario, const Counterexample& told,
                                                       const StoreNames& names) {
  std::vector<Role> roles;
  const std::vector<Fleet> fleets = scenario.all_fleets();
  for (const Fleet& fleet : fleets) {
    for (unsigned i = 0; i < fleet.client.count && roles.size() < told.actors.size(); ++i) {
      auto role = role_of(fleet, told.actors[roles.size()], names);
      if (!role) return std::unexpected(role.error());
      roles.push_back(*std::move(role));
    }
  }
  if (const std::size_t known = roles.size() + scenario.force_unlock.force_unlock; known < told.actors.size())
    return std::unexpected(
        fmt::format("{} is neither a job of the scenario nor an operator", told.actors[known]));
  while (roles.size() < told.actors.size()) {  // operators
    auto role = role_of(fleets.front(), told.actors[roles.size()], names);
    if (!role) return std::unexpected(role.error());
    role->commands.clear();
    roles.push_back(*std::move(role));
  }
  return roles;
}

bool outlives_an_interrupt(const Counterexample& told) {
  std::vector<std::size_t> going_on(told.actors.size());  // by actor: the provider's call, or 0
  for (const CounterexampleStep& step : told.steps) {
    if (step.is_time) continue;
    std::size_t& call = going_on[step.actor_slot];
    if (step.kind == sim::MoveKind::signal && call != 0) return true;
    if (step.service != wire::confirm::kProvider) continue;
    call = step.kind == sim::MoveKind::send ? step.call : step.kind == sim::MoveKind::deliver ? 0 : call;
  }
  return false;
}

std::string objection_to_forcing(const Scenario& scenario) {
  if (scenario.begins != nullptr) return "it begins where another run has ended";
  if (scenario.time.ticks > 0) return "it depends on how much time passes";
  if (scenario.force_unlock.acts_by_hand() > 0)
    return "what people do to the store by hand is not done for them";
  if (scenario.force_unlock.block) return "force-unlock in a directory of its own is not prepared";
  if (scenario.initial_lock != scenarios::InitialLock::none)
    return "the lock of an earlier job is not prepared";
  if (scenario.recorded) return "a state that records only some of the resources is not prepared";
  if (scenario.lock_sharers > 0) return "no jobs of other states take this lock here (lock_sharers)";
  if (scenario.orchestrator) return "no orchestrator runs here (orchestrator)";
  if (scenario.faults[sim::Fault::credentials_end] > 0 || scenario.faults[sim::Fault::outage] > 0 ||
      scenario.faults[sim::Fault::false_success] > 0)
    return "servers are not told to refuse one job from some moment on";
  for (const Fleet& fleet : scenario.all_fleets()) {
    if (std::string why = objection_to_fleet(fleet); !why.empty()) return why;
    for (const models::Command command : fleet.client.commands) {
      if (const auto why = wire::confirm::objection_to(command); !why.empty())
        return fmt::format("`{}`: {}", command_name(command), why);
    }
  }
  return "";
}

}  // namespace lockstorm::cli
