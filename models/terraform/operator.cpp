#include "models/terraform/operator.hpp"

#include "checkers/monitors.hpp"
#include "models/terraform/milestone.hpp"
#include "models/terraform/outcome.hpp"

namespace lockstorm::models {
namespace {

bool may_remove(sim::Process& self, sim::ServiceRef<Jobs> jobs, UnlockTarget target, sim::Who holder) {
  if (target == UnlockTarget::any) return true;
  const auto job = self.call(jobs, Jobs::QueryJob{holder});
  if (!job.answered()) return false;
  return job->status == Jobs::Status::gone ||
         (target == UnlockTarget::unresponsive && job->status == Jobs::Status::silent);
}

}  // namespace

void run_force_unlock(sim::Process& self, const Backend& backend, sim::ServiceRef<Jobs> jobs,
                      UnlockTarget target, const Backend* shown_by) {
  self.set_outcome(Outcome{Ending::looked_only});
  const auto look = [&] {
    return self.scope<LockInfo>(scope_tag::shown_lock, [&] {
      return shown_by == nullptr ? backend.found_lock(self) : shown_by->found_lock(self);
    });
  };
  const LockInfo shown = look();
  if (shown.empty() || !may_remove(self, jobs, target, shown.id.owner)) {
    self.mark(mark_of(0, CommandEnd{Ending::looked_only, false}));
    return;
  }
  self.set_flag(checkers::kHasActed, true);
  const bool by_command = backend.evicts_by_command();
  DoneResult done = by_command ? backend.evict(self, shown.id) : backend.force_unlock(self, shown.id);
  Outcome outcome;
  // A success that nobody was asked for: whether the record still names the id can be seen right after it.
  if (done.status == Done::ok && done.left != LeftUndone::nothing && look().id == shown.id)
    outcome.still_named = 1;
  if (!by_command) done = backend.evict(self, shown.id);
  outcome.ending = done.status == Done::ok ? Ending::force_unlocked : Ending::force_unlock_failed;
  self.set_outcome(outcome);
  self.mark(mark_of(0, CommandEnd{outcome.ending, done.status == Done::ok}));
  if (done.status == Done::ok) self.mark(mark_of(0, Goal::recovered));
}

}  // namespace lockstorm::models
