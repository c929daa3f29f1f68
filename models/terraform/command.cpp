#include "models/terraform/command.hpp"

#include <algorithm>
#include <array>

#include "checkers/monitors.hpp"
#include "models/terraform/apply.hpp"
#include "models/terraform/migrate.hpp"
#include "models/terraform/milestone.hpp"
#include "models/terraform/plan.hpp"
#include "models/terraform/state_commands.hpp"
#include "models/terraform/workspace_commands.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

constexpr auto kNames = sim::text_for_each<Command>({
    "apply",
    "plan",
    "plan -out",
    "apply PLANFILE",
    "destroy",
    "refresh",
    "import",
    "state pull",
    "state push",
    "state push -force",
    "state mv",
    "state rm",
    "workspace new",
    "workspace new -state",
    "workspace delete",
    "workspace delete -force",
    "init -migrate-state",
    "init",
    "repair digest",
    "push",
    "push elsewhere",
    "approve",
    "merge",
    "unlock",
    "unlock neighbour",
});

Outcome run_command(CommandContext& context, Command command) {
  switch (command) {
    case Command::apply:
      return run_apply(context, ApplyMode::normal);
    case Command::apply_plan:
      return run_apply(context, ApplyMode::saved_plan);
    case Command::destroy:
      return run_apply(context, ApplyMode::destroy);
    case Command::plan:
    case Command::plan_out:
      return run_plan(context, command == Command::plan_out);
    case Command::refresh:
      return run_refresh(context);
    case Command::import:
      return run_import(context);
    case Command::state_pull:
      return run_state_pull(context);
    case Command::state_push:
    case Command::state_push_force:
      return run_state_push(context, command == Command::state_push_force);
    case Command::state_mv:
      return run_state_mv(context);
    case Command::state_rm:
      return run_state_rm(context);
    case Command::workspace_new:
    case Command::workspace_new_state:
      return run_workspace_new(context, command == Command::workspace_new_state);
    case Command::workspace_delete:
    case Command::workspace_delete_force:
      return run_workspace_delete(context, command == Command::workspace_delete_force);
    case Command::init_migrate:
      return run_migrate(context);
    case Command::init:
      return run_init(context);
    case Command::repair_digest:
      return run_repair_digest(context);
    case Command::push_commit:
    case Command::push_elsewhere:
    case Command::approve:
    case Command::merge:
    case Command::unlock:
    case Command::unlock_neighbour:
      return run_orchestrated(context, command);
  }
  return {};
}

bool recovers(Command command) {
  return command == Command::state_push || command == Command::state_push_force;
}

// 2.6.12: an operation whose unlock failed has failed, whatever it has done before. The other commands show
// the error and keep their exit status. [backend/local/backend_apply.go: opApply; command/state_mv.go: Run]
bool exits_with_error(Command command, const Outcome& outcome, const Release& release) {
  const bool minds = takes_interrupts(command) && !release.ignores_unlock_error;
  return !is_success(outcome.ending) || (minds && outcome.unlock_failed != 0);
}

// `init` writes down under a lock of the directory's own which backend there is.
// [command/meta_backend.go: backend_C_r_s, both tools]
Outcome run_in_shared_directory(CommandContext& context, Command command) {
  const auto directory = context.options.shared_directory.value_or(sim::ServiceRef<SharedDirectory>{0});
  const auto locked =
      context.self.call(directory, SharedDirectory::Request{SharedDirectory::LockDirectory{}});
  if (!locked.answered() || locked->granted == 0) return {Ending::directory_locked};
  const bool is_configured = context.backend->configure(context.self).status == Done::ok;
  const Outcome outcome = is_configured ? run_command(context, command) : Outcome{Ending::open_failed};
  context.self.call(directory, SharedDirectory::Request{SharedDirectory::UnlockDirectory{}});
  return outcome;
}

// Every command configures its backend first; a migration has two, and sees to them itself. What an
// orchestrator runs is configured when it has been admitted.
Outcome configure_and_run(CommandContext& context, Command command) {
  if (context.options.orchestrated && is_of_pull_request(command)) return run_orchestrated(context, command);
  if (context.options.shared_directory && command == Command::init)
    return run_in_shared_directory(context, command);
  const bool is_migration = command == Command::init_migrate;
  if (!is_migration && context.backend->configure(context.self).status != Done::ok)
    return {Ending::open_failed};
  return run_command(context, command);
}

// What the process has left behind after one more command.
void add_to(Outcome& outcome, const Outcome& last, WorkingDirectory& directory) {
  if (last.errored.is_file()) directory.errored = last.errored;
  outcome.ending = last.ending;
  outcome.by_conflict = last.by_conflict;
  outcome.unlock_failed = static_cast<std::uint16_t>(outcome.unlock_failed | last.unlock_failed);
  outcome.own_lock_shown = static_cast<std::uint16_t>(outcome.own_lock_shown | last.own_lock_shown);
  outcome.refused_elsewhere = static_cast<std::uint16_t>(outcome.refused_elsewhere | last.refused_elsewhere);
  outcome.errored = directory.errored;
  ++outcome.commands;
  outcome.unlock_left = last.unlock_left;
  outcome.vanished = static_cast<std::uint16_t>(outcome.vanished | last.vanished);
  outcome.imported = static_cast<std::uint16_t>(outcome.imported | last.imported);
  outcome.mixed = static_cast<std::uint16_t>(outcome.mixed | last.mixed);
  if (last.wrote.exists()) {
    outcome.used = last.used;
    outcome.wrote = last.wrote;
  }
}

}  // namespace

std::span<const std::string_view> command_names() { return kNames; }

std::string_view command_name(Command command) { return kNames[static_cast<std::size_t>(command)]; }

std::optional<Command> command_named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Command>(found - kNames.begin());
}

bool writes(Command command) {
  if (is_of_pull_request(command)) return command == Command::apply_plan;
  return command != Command::plan && command != Command::state_pull && command != Command::init &&
         command != Command::repair_digest;
}

bool takes_interrupts(Command command) {
  switch (command) {
    case Command::apply:
    case Command::apply_plan:
    case Command::destroy:
    case Command::plan:
    case Command::plan_out:
    case Command::refresh:
      return true;
    default:
      return false;
  }
}

void run_commands(sim::Process& self, const Backend& backend, sim::ServiceRef<Cloud> cloud,
                  const CommandOptions& options) {
  Outcome outcome;
  WorkingDirectory directory = options.directory;
  Interrupts interrupts(self, options.takes_interrupts, outcome);
  CommandContext context{self, &backend, options.manager, cloud, options, interrupts, directory, outcome};
  // Something comes after a command.
  const bool goes_on = options.commands.size() * options.runs > 1 || options.retries > 0;
  const auto run_script = [&] {
    bool failed = false;
    for (std::size_t number = 0; number < options.commands.size(); ++number) {
      const Command command = options.commands[number];
      if (failed && !(recovers(command) && directory.errored.is_file())) continue;
      context.command = static_cast<std::uint8_t>(number);
      checkers::set_command(self, number);
      interrupts.begin_command(number);
      const Outcome last = configure_and_run(context, command);
      interrupts.end_operation();
      ++context.commands_run;
      add_to(outcome, last, directory);
      self.set_outcome(outcome);
      failed = exits_with_error(command, last, options.release);
      self.mark(mark_of(number, CommandEnd{last.ending, !failed}));
      if (failed || last.unlock_failed != 0) context.may_have_left_lock = true;
      if (interrupts.stopped() && goes_on) return failed;  // the script goes, too
    }
    return failed;
  };
  std::uint8_t retries = options.retries;
  for (std::uint16_t run = 0; run < options.runs; ++run) {
    while (run_script() && retries > 0 && !interrupts.stopped()) --retries;
    if (interrupts.stopped() && goes_on) return;
  }
}

}  // namespace lockstorm::models
