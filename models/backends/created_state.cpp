#include "models/backends/created_state.hpp"

#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {

DoneResult create_unlisted_state(sim::Process& self, const Backend& backend) {
  const LockResult locked = backend.lock(self, {{sim::Who::me(), kInitLock}, LockOperation::init});
  if (locked.status != LockStatus::granted && locked.status != LockStatus::no_locking) return {Done::failed};
  ManagerState manager = refresh_state(self, backend, {});
  if (manager.last == Done::ok && manager.has_read == 0) {
    manager.current.writer = sim::Who::me();
    manager = persist_state(self, backend, manager);
  }
  // 2.3.4: without a lock there is no id to unlock.
  const DoneResult unlocked =
      locked.status == LockStatus::granted ? backend.unlock(self, locked.info.id) : DoneResult{Done::ok};
  return {manager.last == Done::ok ? unlocked.status : manager.last};
}

}  // namespace lockstorm::models
