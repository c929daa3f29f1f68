#include "models/terraform/workspace_commands.hpp"

namespace lockstorm::models {
namespace {

Outcome ended(Ending ending) { return {ending}; }

WorkspaceListing list(CommandContext& context) {
  return context.self.scope<WorkspaceListing>(scope_tag::workspaces,
                                              [&] { return context.backend->list_workspace(context.self); });
}

}  // namespace

// [command/workspace_new.go: Run]
Outcome run_workspace_new(CommandContext& context, bool from_file) {
  const WorkspaceListing workspaces = list(context);
  if (workspaces.status != Done::ok) return ended(Ending::open_failed);
  if (workspaces.listed != 0) return ended(Ending::workspace_exists);
  {
    StateSession created = context.session();
    if (created.open() != Done::ok) return ended(Ending::open_failed);  // 2.7: creates under an `init` lock
  }
  if (!from_file) return ended(Ending::done);
  // A second manager, which never refreshes: its PersistState reads the empty state that was just created,
  // and writes that (2.4.3b, 2.4.5).
  StateSession session = context.session();
  if (const auto failed = open_and_lock(context, session, LockOperation::workspace_new)) return *failed;
  session.enter_critical_section();
  StateSnapshot file;
  file.writer = sim::Who::me();
  file.write = session.change_number(1);
  session.write(file);
  return save_and_finish(session);
}

// 2.5.2: the deletion itself is unprotected. [command/workspace_delete.go: Run]
Outcome run_workspace_delete(CommandContext& context, bool force) {
  const WorkspaceListing workspaces = list(context);
  if (workspaces.status != Done::ok) return ended(Ending::open_failed);
  if (workspaces.listed == 0) return ended(Ending::no_such_workspace);
  StateSession session = context.session();
  if (session.open() != Done::ok) return ended(Ending::open_failed);
  // 2.2.4: Terraform parses -lock-timeout and does not use it.
  const bool waits = context.options.dialect == Dialect::opentofu;
  const auto timeout = waits ? context.options.lock_timeout : std::chrono::milliseconds::zero();
  if (const auto failed = take_lock(context, session, LockOperation::state_replace_provider, timeout))
    return *failed;
  session.enter_critical_section();
  if (const auto failed = refresh(session)) return *failed;
  const bool has_resources = !records_nothing(session.state());
  if (has_resources && !force) return finish(session, ended(Ending::workspace_not_empty));
  context.outcome.released = session.state().instance;  // -force: the state and all that it records
  context.self.set_outcome(context.outcome);
  session.unlock();  // its error is not looked at
  const Done removed =
      context.self.scope<DoneResult>(scope_tag::remove, [&] { return context.backend->remove(context.self); })
          .status;
  return ended(removed == Done::ok ? Ending::done : Ending::save_failed);
}

}  // namespace lockstorm::models
