// LockState, ReadStateBytes, WriteStateBytes and UnlockState as a provider may carry them out
// (backend-protocols.md 3.15).
#include "models/backends/state_store.hpp"

namespace lockstorm::models {
namespace {

using Status = ProviderStore::Status;

}  // namespace

// A refusal is a diagnostic: the command fails at once, whatever its -lock-timeout.
// [remote_grpc.go: Lock; statemgr/locker.go: LockWithContext]
LockResult StateStoreBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.locks) {
    self.work();  // as HttpBackend::lock says
    return {LockStatus::no_locking, {}};
  }
  const auto created = self.call(store_, ProviderStore::Request{ProviderStore::CreateLock{info}});
  if (!created.answered()) return {LockStatus::failed, {}};
  if (created->status == Status::ok) return {LockStatus::granted, info};
  return {created->status == Status::locked ? LockStatus::refused_without_info : LockStatus::failed, {}};
}

// No bytes are no state. [remote_grpc.go: Get]
GetResult StateStoreBackend::get(sim::Process& self) const {
  const auto read = self.call(store_, ProviderStore::Request{ProviderStore::ReadState{}});
  if (!read.answered() || read->status != Status::ok) return {GetStatus::failed, {}};
  return {read->state.exists() ? GetStatus::found : GetStatus::absent, read->state};
}

// [remote_grpc.go: Put]
DoneResult StateStoreBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                                  const StateSnapshot& read) const {
  ProviderStore::WriteState write{snapshot, {}, 0};
  if (options_.fenced_put) write = {snapshot, read, 1};
  const auto written = self.call(store_, ProviderStore::Request{write});
  return {written.answered() && written->status == Status::ok ? Done::ok : Done::failed};
}

// [remote_grpc.go: Unlock]
DoneResult StateStoreBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.locks) return {Done::ok};
  if (!options_.atomic_unlock) {
    const auto holder = self.call(store_, ProviderStore::Request{ProviderStore::ReadLock{}});
    if (!holder.answered() || holder->status != Status::ok || holder->lock.id != id) return {Done::failed};
  }
  const std::uint16_t only_this_one = options_.atomic_unlock ? 1 : 0;
  const auto removed =
      self.call(store_, ProviderStore::Request{ProviderStore::DeleteLock{id, only_this_one}});
  return {removed.answered() && removed->status == Status::ok ? Done::ok : Done::failed};
}

// The plugin framework's diagnostic names the lock's ID and who has it.
// [terraform-plugin-framework statestore: WorkspaceAlreadyLockedDiagnostic]
LockInfo StateStoreBackend::shown_lock(sim::Process& self) const {
  const auto holder = self.call(store_, ProviderStore::Request{ProviderStore::ReadLock{}});
  return holder.answered() && holder->status == Status::ok ? holder->lock : LockInfo{};
}

}  // namespace lockstorm::models
