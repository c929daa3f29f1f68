#include "models/terraform/state_commands.hpp"

#include "checkers/monitors.hpp"
#include "models/terraform/milestone.hpp"

namespace lockstorm::models {
namespace {

Outcome ended(Ending ending) { return {ending}; }

// Before they write, both load the backend once more, only to ask whether it is `cloud`.
std::optional<Outcome> configure_again(CommandContext& context, StateSession& session) {
  if (context.backend->configure(context.self).status == Done::ok) return std::nullopt;
  return finish(session, ended(Ending::open_failed));
}

// The state with a change that this command makes.
StateSnapshot changed(const StateSession& session, StateSnapshot state) {
  state.writer = sim::Who::me();
  state.write = session.change_number(1);
  return state;
}

}  // namespace

// LocalRun calls it OperationTypeInvalid (2.1.4). [command/import.go: Run]
Outcome run_import(CommandContext& context) {
  StateSession session = context.session();
  if (const auto failed = start(context, session, LockOperation::invalid)) return *failed;
  const auto address = static_cast<std::uint8_t>(context.options.resources - 1);
  if (session.state().instance[address] != 0) return finish(session, ended(Ending::already_managed));
  const auto found = context.self.call(context.cloud, Cloud::ReadResource{address, 1});
  if (!found.answered() || found->found == 0) return finish(session, ended(Ending::resource_failed));
  session.record(address, 1, session.change_number(1));
  Outcome outcome = save_and_finish(session);
  outcome.imported = is_success(outcome.ending) ? 1 : 0;
  return outcome;
}

// [command/init.go: Run, initBackend; command/meta_backend.go: Backend]
Outcome run_init(CommandContext& context) {
  StateSession session = context.session();
  if (session.open() != Done::ok) return ended(Ending::open_failed);
  if (session.refresh() != Done::ok) return ended(Ending::read_failed);
  return ended(Ending::done);
}

// [command/state_pull.go: Run]
Outcome run_state_pull(CommandContext& context) {
  StateSession session = context.session();
  if (session.open() != Done::ok) return ended(Ending::open_failed);
  if (session.refresh() != Done::ok) return ended(Ending::read_failed);
  context.directory.pulled = session.has_state() ? session.state() : StateSnapshot{};
  return finish(session, ended(Ending::done));  // nothing to unlock
}

// 2.11. [command/state_push.go: Run]
Outcome run_state_push(CommandContext& context, bool force) {
  StateSession session = context.session();
  const bool recovers = context.directory.errored.is_file();
  StateSnapshot file = context.directory.errored;
  if (!recovers) {
    if (!context.directory.pulled.exists()) return ended(Ending::nothing_to_do);
    file = changed(session, context.directory.pulled);
    ++file.serial;
  }
  if (const auto failed = open_and_lock(context, session, LockOperation::state_push)) return *failed;
  session.enter_critical_section();
  context.self.set_flag(checkers::kReadsToCompare, true);  // the file does not become newer by it
  const auto failed = refresh(session);
  context.self.set_flag(checkers::kReadsToCompare, false);
  if (failed) return *failed;
  if (!force && !is_valid_import(file, session.state()))
    return finish(session, ended(Ending::import_refused));
  if (session.adopt(file) != Done::ok) return finish(session, ended(Ending::save_failed));
  const Outcome outcome = save_and_finish(session);
  if (recovers && outcome.ending == Ending::done) {
    context.directory.errored = {};  // no longer needed
    context.self.mark(mark_of(context.command, Goal::recovered));
  }
  return outcome;
}

// [command/state_mv.go: Run]
Outcome run_state_mv(CommandContext& context) {
  StateSession session = context.session();
  if (const auto failed = start(context, session, LockOperation::state_mv)) return *failed;
  if (session.state().instance[0] == 0) return finish(session, ended(Ending::not_in_state));
  if (const auto failed = configure_again(context, session)) return *failed;
  session.write(changed(session, session.state()));
  return save_and_finish(session);
}

// [command/state_rm.go: Run]
Outcome run_state_rm(CommandContext& context) {
  StateSession session = context.session();
  if (const auto failed = start(context, session, LockOperation::state_rm)) return *failed;
  const std::uint8_t instance = session.state().instance[0];
  if (instance == 0) return finish(session, ended(Ending::not_in_state));
  if (const auto failed = configure_again(context, session)) return *failed;
  context.outcome.released[0] = instance;  // from here on nobody expects the state to know it
  context.self.set_outcome(context.outcome);
  session.record(0, 0, session.change_number(1));
  return save_and_finish(session);
}

Outcome run_repair_digest(CommandContext& context) {
  const bool is_done = context.backend->repair_digest(context.self).status == Done::ok;
  if (is_done) context.self.mark(mark_of(context.command, Goal::recovered));
  return ended(is_done ? Ending::done : Ending::not_repaired);
}

}  // namespace lockstorm::models
