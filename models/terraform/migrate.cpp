#include "models/terraform/migrate.hpp"

#include "checkers/monitors.hpp"

namespace lockstorm::models {
namespace {

Outcome ended(Ending ending) { return {ending}; }

// [command/meta_backend_migrate.go: backendMigrateState, backendMigrateState_s_s]
class Migration {
 public:
  explicit Migration(CommandContext& context)
      : context_(context),
        source_(context.session()),
        destination_(context.self, *context.options.migrate_to, context.options.migrate_to_manager,
                     context.writes_at_once(context.options.migrate_to_manager), context.commands_run,
                     context.options.release, context.interrupts) {}

  Outcome run() {
    if (!workspaces_can_be_listed()) return ended(Ending::open_failed);
    // Both states are looked at before any lock is asked for, because they may have the same lock.
    if (source_.open() != Done::ok) return ended(Ending::open_failed);
    if (source_.refresh() != Done::ok) return ended(Ending::read_failed);
    if (records_nothing(source_.state())) return ended(Ending::nothing_to_do);
    if (destination_.open() != Done::ok) return ended(Ending::open_failed);
    if (read_destination() != Done::ok) return ended(Ending::read_failed);
    if (are_the_same()) return ended(Ending::nothing_to_do);
    if (const auto failed = lock_both()) return *failed;
    source_.enter_critical_section();
    Outcome outcome = copy();
    // Deferred, so in the order opposite to that of the locks; nobody looks at their errors, and `init` ends
    // as if there were none.
    const bool has_freed_destination = destination_.unlock() == Done::ok;
    const bool has_freed_source = source_.unlock() == Done::ok;
    outcome.unlock_failed = has_freed_destination && has_freed_source ? 0 : 1;
    if (is_success(outcome.ending) && destination_.content_vanished()) outcome.vanished = 1;
    if (is_success(outcome.ending) && !source_.holds_lock() && source_.read_mixture()) outcome.mixed = 1;
    return outcome;
  }

 private:
  // retrieveWorkspaces of both; a backend without workspaces is asked nothing.
  bool workspaces_can_be_listed() {
    for (const Backend* backend : {context_.backend, context_.options.migrate_to}) {
      if (!backend->has_workspaces()) continue;
      const auto listing = context_.self.scope<WorkspaceListing>(
          scope_tag::workspaces, [&] { return backend->list_workspace(context_.self); });
      if (listing.status != Done::ok) return false;
    }
    return true;
  }

  // Nothing of what the destination has goes into what will be written there.
  Done read_destination() {
    context_.self.set_flag(checkers::kReadsToCompare, true);
    const Done done = destination_.refresh();
    context_.self.set_flag(checkers::kReadsToCompare, false);
    return done;
  }

  [[nodiscard]] bool are_the_same() const {
    return same_content(source_.state(), destination_.state()) &&
           source_.state().lineage == destination_.state().lineage;
  }

  std::optional<Outcome> lock_both() {
    const auto timeout = context_.options.lock_timeout;
    if (const auto failed = take_lock(context_, source_, LockOperation::migration_source, timeout))
      return failed;
    if (const auto failed =
            take_lock(context_, destination_, LockOperation::migration_destination, timeout)) {
      return finish(source_, *failed);
    }
    return std::nullopt;
  }

  Outcome copy() {
    if (context_.options.lock && (source_.refresh() != Done::ok || read_destination() != Done::ok))
      return ended(Ending::read_failed);
    if (records_nothing(source_.state())) return ended(Ending::nothing_to_do);
    // Migrate keeps lineage and serial where 2.4.3b lets it. Whatever the destination had is overwritten.
    const bool copied = destination_.adopt(source_.state()) == Done::ok && destination_.persist() == Done::ok;
    if (!copied) return ended(Ending::save_failed);
    context_.outcome.copied = source_.state();  // what is written to the source from now on is lost
    context_.self.set_outcome(context_.outcome);
    return ended(Ending::done);
  }

  CommandContext& context_;
  StateSession source_;
  StateSession destination_;
};

// Where the configuration had no backend block: the local state is looked at first, and emptied when all is
// done, by when its lock has been given back. [command/meta_backend.go: backend_C_r_s]
Outcome migrate_and_erase(CommandContext& context) {
  StateSession local = context.session();
  if (local.open() != Done::ok) return ended(Ending::open_failed);
  if (local.refresh() != Done::ok) return ended(Ending::read_failed);
  if (records_nothing(local.state())) return ended(Ending::nothing_to_do);
  const Outcome outcome = Migration(context).run();
  if (is_success(outcome.ending)) context.backend->erase(context.self);
  return outcome;
}

}  // namespace

// The new backend is configured before the old one, which is that of the working directory.
Outcome run_migrate(CommandContext& context) {
  for (const Backend* backend : {context.options.migrate_to, context.backend}) {
    if (backend->configure(context.self).status != Done::ok) return ended(Ending::open_failed);
  }
  const Outcome outcome =
      context.options.empties_migrated ? migrate_and_erase(context) : Migration(context).run();
  // `init` records the new backend only when the migration did not fail.
  if (is_success(outcome.ending)) {
    context.backend = context.options.migrate_to;
    context.manager = context.options.migrate_to_manager;
  }
  return outcome;
}

}  // namespace lockstorm::models
