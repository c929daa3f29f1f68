#include "redis_backend.hpp"

namespace mine {

using lockstorm::models::Done;
using lockstorm::models::GetStatus;
using lockstorm::models::LockStatus;

// Nothing has to be there before the first lock.
DoneResult RedisBackend::open(sim::Process&) const { return {Done::ok}; }

LockResult RedisBackend::lock(sim::Process& self, const LockInfo& info) const {
  const auto taken = self.call(redis_, Redis::TakeLock{info});
  if (!taken.answered()) return {LockStatus::failed, {}};
  if (taken->done != 0) return {LockStatus::granted, info};
  // Between these two calls the lock may be released, or expire, or be somebody else's.
  const auto holder = self.call(redis_, Redis::GetLock{});
  if (!holder.answered()) return {LockStatus::failed, {}};
  if (holder->lock.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder->lock};
}

GetResult RedisBackend::get(sim::Process& self) const {
  const auto read = self.call(redis_, Redis::GetState{});
  if (!read.answered()) return {GetStatus::failed, {}};
  return {read->state.exists() ? GetStatus::found : GetStatus::absent, read->state};
}

DoneResult RedisBackend::put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot&) const {
  Redis::SetState set{snapshot, {}};
  // A client's first lock has the number 0 (LockId).
  if (protocol_.fenced_put) set.only_under.id = {sim::Who::me(), 0};
  const auto written = self.call(redis_, set);
  return {written.answered() && written->done != 0 ? Done::ok : Done::failed};
}

DoneResult RedisBackend::unlock(sim::Process& self, const LockId& id) const {
  const auto deleted = self.call(
      redis_, Redis::DeleteLock{{id, {}}, static_cast<std::uint16_t>(protocol_.compares_on_delete ? 1 : 0)});
  return {deleted.answered() ? Done::ok : Done::failed};
}

LockInfo RedisBackend::shown_lock(sim::Process& self) const {
  const auto holder = self.call(redis_, Redis::GetLock{});
  return holder.answered() ? holder->lock : LockInfo{};
}

}  // namespace mine
