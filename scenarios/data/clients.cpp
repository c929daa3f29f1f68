#include "scenarios/data/clients.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Command;

std::optional<Objection> objection(std::string problem, std::string expected, std::string hint = {}) {
  return Objection{"client", std::move(problem), std::move(expected), std::move(hint)};
}

bool is_push(Command command) {
  return command == Command::state_push || command == Command::state_push_force;
}

bool needs_workspace(Command command) {
  switch (command) {
    case Command::workspace_new:
    case Command::workspace_new_state:
    case Command::workspace_delete:
    case Command::workspace_delete_force:
      return true;
    default:
      return false;
  }
}

bool can_leave_errored_state(Command command) {
  return command == Command::apply || command == Command::apply_plan || command == Command::destroy;
}

// Whether somebody can have left a file to push before the command at `end`.
bool has_file_to_push(const std::vector<Command>& commands, std::size_t end) {
  return std::any_of(commands.begin(), commands.begin() + static_cast<std::ptrdiff_t>(end),
                     [](Command c) { return c == Command::state_pull || can_leave_errored_state(c); });
}

// [command/meta_backend.go: assertSupportedCloudInitOptions; both tools]
std::optional<Objection> objection_to_places(const BackendConfig& from, const BackendConfig& to) {
  const bool involves_cloud = from.type().name == "cloud" || to.type().name == "cloud";
  if (!involves_cloud) return std::nullopt;
  return objection(
      fmt::format("the tools refuse to migrate from {} to {}: \"The -migrate-state option is for migration "
                  "between state backends only\"",
                  from.type().name, to.type().name),
      "two backend blocks, neither of them `cloud`",
      "a plain `init` moves a state to HCP Terraform, in steps that ask for answers");
}

constexpr const char* kOnlyApply = "commands, -lock=false and fleets are for the tools' own backends";

std::optional<Objection> objection_to_migration(const Fleet& fleet) {
  const ClientSettings& client = fleet.client;
  const auto migration = std::ranges::find(client.commands, Command::init_migrate);
  if (migration == client.commands.end()) {
    if (!client.migrate_to) return std::nullopt;
    return objection("migrate_to without a migration", "command: init -migrate-state");
  }
  if (!client.migrate_to)
    return objection("init -migrate-state has nowhere to go", "migrate_to: {type: s3, use_lockfile: true}");
  if (migration != client.commands.begin() || client.runs > 1)
    return objection("init -migrate-state comes first, and once", "command: [init -migrate-state, apply]");
  if (!client.migrate_to->backend->traits().runs_commands)
    return objection(fmt::format("nothing migrates to {}: its clients only apply",
                                 client.migrate_to->backend->type().name),
                     "migrate_to: {type: s3, use_lockfile: true}", kOnlyApply);
  return objection_to_places(*fleet.backend, *client.migrate_to->backend);
}

bool needs_pull_request(Command command) {
  return models::is_of_pull_request(command) && command != Command::plan_out &&
         command != Command::apply_plan;
}

// What an orchestrator runs, and who is a pull request's.
std::optional<Objection> objection_to_pull_request(const Fleet& fleet, bool has_orchestrator) {
  const ClientSettings& client = fleet.client;
  if (client.pull_request == 0) {
    const auto lost = std::ranges::find_if(client.commands, needs_pull_request);
    if (lost == client.commands.end()) return std::nullopt;
    return objection(fmt::format("'{}' happens to pull requests", models::command_name(*lost)),
                     "pull_request: 1, and a section `orchestrator`");
  }
  if (!has_orchestrator)
    return objection("pull_request without an orchestrator", "orchestrator: {type: atlantis}");
  const auto other = std::ranges::find_if_not(client.commands, models::is_of_pull_request);
  if (other != client.commands.end()) {
    return objection(
        fmt::format("an orchestrator does not run '{}'", models::command_name(*other)),
        "plan -out, apply PLANFILE, push, push elsewhere, approve, merge, unlock, unlock neighbour",
        "a fleet without pull_request runs it beside the orchestrator");
  }
  if (client.reads_other_state)
    return objection("jobs of pull requests read no other state here",
                     "a fleet without pull_request that reads it");
  return std::nullopt;
}

std::optional<Objection> objection_to_fleet(const Fleet& fleet, bool anybody_migrates) {
  const ClientSettings& client = fleet.client;
  if (!is_plain(client) && !fleet.backend->traits().runs_commands) {
    return objection(fmt::format("{} clients only apply", fleet.backend->type().name), "command: apply",
                     kOnlyApply);
  }
  for (std::size_t i = 0; i < client.commands.size(); ++i) {
    const Command command = client.commands[i];
    if (command == Command::repair_digest && !fleet.backend->traits().keeps_digest) {
      return objection(fmt::format("'{}' finds no digest", models::command_name(command)),
                       "a backend that keeps one: s3 with dynamodb_table, oss with tablestore_table");
    }
    if (needs_workspace(command) && !fleet.backend->traits().has_named_workspace) {
      return objection(fmt::format("'{}' needs a named workspace", models::command_name(command)),
                       "workspace: NAME in the backend section, for a backend that has workspaces");
    }
    if (is_push(command) && !client.inherits && !has_file_to_push(client.commands, i)) {
      return objection(fmt::format("'{}' has nothing to push", models::command_name(command)),
                       "command: [state pull, state push]",
                       "it pushes what `state pull` or a failed apply before it left");
    }
  }
  if (client.removes != 0 && !fleet.backend->traits().runs_commands) {
    return objection(fmt::format("{} clients create and destroy nothing", fleet.backend->type().name),
                     "no removes");
  }
  if ((client.removes & ((1U << client.resources) - 1U)) != 0) {
    return objection("removes a resource that the configuration has", "removes: [2] with resources: 1",
                     "numbers are those of resources beyond the configuration's own");
  }
  if (client.migrated && !anybody_migrates)
    return objection("migrated: true, but nobody migrates", "another fleet with migrate_to");
  return objection_to_migration(fleet);
}

}  // namespace

bool is_plain(const ClientSettings& client) {
  return client.lock && client.commands == std::vector{Command::apply} && !client.migrate_to &&
         !client.migrated && !client.reads_before_lock && !client.inherits && !client.spared &&
         client.lacks.empty() && client.loses.empty() && client.retries == 0 && client.restarts == 0 &&
         client.release == models::Release{} && client.pull_request == 0 && !client.shares_directory &&
         !client.is_other_state && !client.reads_other_state && client.lock_table == 0;
}

std::string commands_text(const ClientSettings& client) {
  std::string text;
  for (const Command command : client.commands) {
    if (!text.empty()) text += ", then ";
    text += models::command_name(command);
  }
  if (!client.lock) text += " with -lock=false";
  if (client.migrated) text += " on the new backend";
  if (client.reads_before_lock) text += ", reading before the lock";
  if (!client.lacks.empty()) text += fmt::format(", without the right to {}", fmt::join(client.lacks, ", "));
  if (client.restarts > 0) text += ", started anew when it is lost";
  if (client.release != models::Release{}) text += ", of a release with bugs";
  if (client.pull_request != 0) text += fmt::format(" for pull request {}", client.pull_request);
  if (client.shares_directory) text += " in a directory that jobs share";
  if (client.is_other_state) text += " on the other state";
  if (client.reads_other_state)
    text += client.is_other_state ? ", reading the first" : ", reading the other state";
  if (client.read_lock != models::ReadLock::none) text += " under its lock";
  if (client.lock_table > 0) text += " with another table of locks";
  if (client.retries > 0) text += fmt::format(", again up to {} times when it fails", client.retries);
  return text;
}

bool runs_command(const ClientSettings& client, Command command) {
  return std::ranges::find(client.commands, command) != client.commands.end();
}

namespace {

std::string canonical_text(const models::Release& release) {
  std::string text;
  if (release.leaks_lock != models::LeaksLock::never)
    text += fmt::format("|leaks {}", static_cast<int>(release.leaks_lock));
  if (release.ignores_unlock_error) text += "|ignores unlock error";
  if (release.refusal_is_final) text += "|refusal is final";
  if (release.unlock_is_cancelled) text += "|unlock is cancelled";
  if (release.locks_twice) text += "|locks twice";
  if (release.saves_empty) text += "|saves empty";
  if (release.cleans_up_refused) text += "|cleans up refused";
  return text;
}

}  // namespace

std::string canonical_text(const Fleet& fleet) {
  const ClientSettings& client = fleet.client;
  std::string text =
      fmt::format("fleet|{}|{}|{}|{}|{}|{}|{}|", static_cast<int>(client.tool), client.count,
                  client.lock_timeout.count(), client.resources, client.runs, client.lock, client.migrated);
  for (const Command command : client.commands) text += fmt::format("{},", models::command_name(command));
  if (client.reads_before_lock) text += "|reads before lock";
  if (client.runner == Runner::ephemeral) text += "|ephemeral";
  if (client.inherits) text += "|inherits";
  if (client.spared) text += "|spared";
  if (client.removes != 0) text += fmt::format("|removes {}", client.removes);
  for (const std::string& request : client.lacks) text += "|lacks " + request;
  for (const std::string& request : client.loses) text += "|loses " + request;
  if (client.retries != 0) text += fmt::format("|retries {}", client.retries);
  if (client.restarts != 0) text += fmt::format("|restarts {} {}", client.restarts, client.restarts_silent);
  if (client.release != models::Release{}) text += canonical_text(client.release);
  if (client.pull_request != 0) text += fmt::format("|pull {}", client.pull_request);
  if (client.shares_directory) text += "|shared directory";
  if (client.is_other_state) text += "|other state";
  if (client.reads_other_state) text += fmt::format("|reads {}", static_cast<int>(client.read_lock));
  if (client.lock_table != 0) text += fmt::format("|lock table {}", client.lock_table);
  if (client.migrate_to)
    text +=
        fmt::format("|to {} {}", client.migrate_to->same_state, client.migrate_to->backend->canonical_text());
  return text + "|" + fleet.backend->canonical_text();
}

std::optional<Objection> objection_to_commands(const Scenario& scenario) {
  const std::vector<Fleet> fleets = scenario.all_fleets();
  const auto migrating =
      std::ranges::count_if(fleets, [](const Fleet& fleet) { return fleet.client.migrate_to.has_value(); });
  if (migrating > 1) return objection("two fleets migrate", "one fleet with migrate_to");
  const bool imports = std::ranges::any_of(
      fleets, [](const Fleet& fleet) { return runs_command(fleet.client, Command::import); });
  if (scenario.recorded && imports && *scenario.recorded >= scenario.resources()) {
    return Objection{"initial_state", "the state records already what is to be imported",
                     fmt::format("resources: {} at most", scenario.resources() - 1), ""};
  }
  for (const Fleet& fleet : fleets) {
    if (fleets.size() > 1 && !fleet.backend->traits().runs_commands)
      return objection(fmt::format("{} clients are all alike", fleet.backend->type().name), "client: {...}");
    if (const auto problem = objection_to_fleet(fleet, migrating > 0)) return problem;
    if (const auto problem = objection_to_pull_request(fleet, scenario.orchestrator.has_value()))
      return problem;
    if (migrating > 0 && fleet.client.reads_other_state)
      return objection("a state that migrates beside one that is read", "one of the two");
    const bool is_of_several =
        fleet.client.pull_request != 0 || fleet.client.shares_directory || fleet.client.reads_other_state;
    if (scenario.timed && is_of_several)
      return objection("virtual time knows no pull requests, shared directories and other states",
                       "time: {ticks: N}, or no section time");
    if (fleet.client.shares_directory && !runs_command(fleet.client, Command::init))
      return objection("a shared directory where nobody runs init: only init locks it",
                       "command: [init, apply]", "plans and an errored.tfstate are each job's own here");
    if (fleet.client.read_lock != models::ReadLock::none && !fleet.client.reads_other_state)
      return objection("read_lock of no other state", "reads: KEY");
  }
  const bool has_pull_requests =
      std::ranges::any_of(fleets, [](const Fleet& fleet) { return fleet.client.pull_request != 0; });
  if (scenario.orchestrator && !has_pull_requests)
    return Objection{"orchestrator", "an orchestrator without pull requests",
                     "client: {pull_request: 1, ...}", ""};
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
