#include "models/terraform/operator.hpp"

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
                      UnlockTarget target) {
  self.set_outcome(Outcome{Ending::looked_only});
  const LockInfo shown =
      self.scope<LockInfo>(scope_tag::shown_lock, [&] { return backend.found_lock(self); });
  if (shown.empty() || !may_remove(self, jobs, target, shown.id.owner)) return;
  const bool done = backend.evict(self, shown.id).status == Done::ok;
  self.set_outcome(Outcome{done ? Ending::force_unlocked : Ending::force_unlock_failed});
}

}  // namespace lockstorm::models
