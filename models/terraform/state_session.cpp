#include "models/terraform/state_session.hpp"

#include "models/terraform/interrupts.hpp"

namespace lockstorm::models {

Done StateSession::open() {
  return self_.scope<DoneResult>(scope_tag::open, [&] { return backend_.open(self_); }).status;
}

LockWaitResult StateSession::lock(LockOperation operation, std::chrono::milliseconds lock_timeout,
                                  const std::function<bool()>& stopped, std::size_t command) {
  const LockInfo info{{sim::Who::me(), number_}, operation};
  const LockWaitResult locked =
      lock_with_timeout(self_, backend_, info, lock_timeout, stopped, command, release_.refusal_is_final);
  if (locked.last.status == LockStatus::granted) lock_id_ = locked.last.info.id;  // 2.3.1
  return locked;
}

LockWaitResult StateSession::lock_again(LockOperation operation, std::chrono::milliseconds lock_timeout,
                                        const std::function<bool()>& stopped, std::size_t command) {
  const LockInfo info{{sim::Who::me(), number_}, operation};
  return lock_with_timeout(self_, backend_, info, lock_timeout, stopped, command, release_.refusal_is_final);
}

void StateSession::enter_critical_section() { self_.set_flag(critical_section_, true); }

Done StateSession::refresh() {
  begin_client_call();
  manager_ = refresh_state(self_, backend_, manager_);
  end_client_call();
  return manager_.last;
}

Done StateSession::save() {
  begin_client_call();
  const ManagerState before = manager_;
  const auto store = kind_ == StateManager::filesystem ? write_state_file : persist_state;
  manager_ = self_.scope<ManagerState>(scope_tag::persist, [&] { return store(self_, backend_, before); });
  end_client_call();
  return manager_.last;
}

Done StateSession::persist() {
  if (kind_ == StateManager::filesystem && writes_at_once_) return Done::ok;
  return save();
}

Done StateSession::adopt(const StateSnapshot& file) {
  if (kind_ == StateManager::remote) {
    manager_ = adopt_state(manager_, file);
    return Done::ok;
  }
  begin_client_call();
  const ManagerState before = manager_;
  manager_ = self_.scope<ManagerState>(
      scope_tag::persist, [&] { return adopt_state_file(self_, backend_, before, file, !writes_at_once_); });
  end_client_call();
  return manager_.last;
}

Done StateSession::unlock() {
  self_.set_flag(critical_section_, false);
  if (lock_id_.empty()) return Done::ok;
  if (release_.unlock_is_cancelled && interrupts_.stopped()) return Done::failed;
  begin_client_call();
  const LockId id = lock_id_;
  const DoneResult done =
      self_.scope<DoneResult>(scope_tag::unlock, [&] { return backend_.unlock(self_, id); });
  unlock_left_ = done.left;
  end_client_call();
  return done.status;
}

Done StateSession::unlock_after(bool success) {
  if (!release_.leaks_after(success)) return unlock();
  self_.set_flag(critical_section_, false);
  return Done::ok;
}

void StateSession::write(const StateSnapshot& content) {
  begin_client_call();
  take_content(manager_.current, content);
  manager_.vanished = 0;  // it is in memory again
  end_client_call();
}

Done StateSession::mutate(std::size_t address, std::uint8_t instance, std::uint16_t change) {
  begin_client_call();
  Done done = Done::ok;
  if (kind_ == StateManager::filesystem && manager_.has_read == 0) {
    manager_ = refresh_state(self_, backend_, {});  // [OT statemgr/filesystem.go: MutateState, refreshState]
    done = manager_.last;
  }
  if (done == Done::ok) record_resource(manager_, address, instance, change);
  if (made_from_) manager_.current.made_from = *made_from_;  // the file that was read says another one
  end_client_call();
  return done;
}

void StateSession::record(std::size_t address, std::uint8_t instance, std::uint16_t change) {
  begin_client_call();
  record_resource(manager_, address, instance, change);
  end_client_call();
}

void StateSession::begin_client_call() {
  self_.wait_until([this] { return !busy_; });
  busy_ = true;
}

}  // namespace lockstorm::models
