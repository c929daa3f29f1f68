#include "models/terraform/remote_state.hpp"

#include "models/terraform/command_context.hpp"
#include "models/terraform/lock_wait.hpp"

namespace lockstorm::models {

bool RemoteStateReader::read() {
  const RemoteState& settings = context_.options.remote_state;
  if (settings.reads == nullptr) return true;
  const Backend& backend = *settings.reads;
  if (backend.configure(context_.self).status != Done::ok) return false;
  if (settings.lock != ReadLock::none && !lock(backend)) return false;
  const GetResult got =
      context_.self.scope<GetResult>(scope_tag::remote_state, [&] { return backend.get(context_.self); });
  if (got.status == GetStatus::found) {
    used_ = got.snapshot;
    mixed_ = got.mixed != 0 && settings.lock == ReadLock::none;
  }
  if (settings.lock == ReadLock::read) release();
  return got.status == GetStatus::found;
}

bool RemoteStateReader::lock(const Backend& backend) {
  const LockInfo info{{sim::Who::me(), context_.commands_run}, LockOperation::plan};
  const LockWaitResult locked = lock_with_timeout(
      context_.self, backend, info, context_.options.lock_timeout,
      [&] { return context_.interrupts.ends_lock_wait(); }, context_.command, false);
  if (locked.last.status == LockStatus::granted) held_ = locked.last.info.id;
  refused_ = is_refusal(locked.last.status);
  return locked.last.status == LockStatus::granted || locked.last.status == LockStatus::no_locking;
}

void RemoteStateReader::release() {
  if (held_.empty()) return;
  const LockId id = held_;
  held_ = {};
  context_.self.scope<DoneResult>(
      scope_tag::unlock, [&] { return context_.options.remote_state.reads->unlock(context_.self, id); });
}

Outcome RemoteStateReader::failed() const {
  Outcome outcome{Ending::no_remote_state};
  outcome.refused_elsewhere = refused_ ? 1 : 0;
  return outcome;
}

Outcome RemoteStateReader::note(Outcome outcome, const StateSnapshot& wrote) const {
  if (mixed_ && is_success(outcome.ending)) outcome.mixed = 1;
  if (!context_.options.remote_state.notes_versions || !wrote.exists()) return outcome;
  outcome.used = used_;
  outcome.wrote = wrote;
  return outcome;
}

}  // namespace lockstorm::models
