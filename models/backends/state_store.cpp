// LockState, ReadStateBytes, WriteStateBytes and UnlockState as a provider may carry them out
// (backend-protocols.md 3.15).
#include "models/backends/state_store.hpp"

namespace lockstorm::models {
namespace {

using Status = ProviderStore::Status;

}  // namespace

// What a provider does about a request that fails is its own; the identical one is sent again.
StateStoreBackend::Answer StateStoreBackend::ask(sim::Process& self,
                                                 const ProviderStore::Request& request) const {
  if (options_.attempts == 1) {
    const auto reply = self.call(store_, request);
    return reply.answered() ? Answer{*reply, 1} : Answer{};
  }
  return call_with_attempts(self, store_, request, {.most = options_.attempts}, [](const auto& response) {
    return response.status == Status::throttled || response.status == Status::failed;
  });
}

void StateStoreBackend::remember(sim::Process& self, const LockId& lock) const {
  if (options_.needs_lock) self.keep(memory_, StateStoreMemory{lock});
}

// A provider's process ends with its command.
DoneResult StateStoreBackend::open(sim::Process& self) const {
  remember(self, {});
  return {Done::ok};
}

// A refusal is a diagnostic: the command fails at once, whatever its -lock-timeout.
// [remote_grpc.go: Lock; statemgr/locker.go: LockWithContext]
LockResult StateStoreBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.locks) {
    self.work();  // as HttpBackend::lock says
    return {LockStatus::no_locking, {}};
  }
  if (!options_.atomic_lock) {
    const Answer holder = ask(self, ProviderStore::ReadLock{});
    if (holder.answered == 0) return {LockStatus::failed, {}};
    if (holder.response.status == Status::ok) return {LockStatus::refused_without_info, {}};
    if (holder.response.status != Status::not_locked) return {LockStatus::failed, {}};
  }
  const std::uint16_t if_absent = options_.atomic_lock ? 1 : 0;
  const Answer created = ask(self, ProviderStore::CreateLock{info, if_absent});
  if (created.answered == 0) return {LockStatus::failed, {}};
  const bool is_own = created.response.status == Status::locked && created.response.lock.id == info.id;
  if (created.response.status == Status::ok || (is_own && options_.knows_own_lock)) {
    remember(self, info.id);
    return {LockStatus::granted, info};
  }
  const bool is_refused = created.response.status == Status::locked;
  return {is_refused ? LockStatus::refused_without_info : LockStatus::failed, {}};
}

// No bytes are no state. [remote_grpc.go: Get]
GetResult StateStoreBackend::get(sim::Process& self) const {
  const Answer read = ask(self, ProviderStore::ReadState{});
  if (read.answered == 0 || read.response.status != Status::ok) return {GetStatus::failed, {}};
  return {read.response.state.exists() ? GetStatus::found : GetStatus::absent, read.response.state};
}

// [remote_grpc.go: Put]
DoneResult StateStoreBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                                  const StateSnapshot& read) const {
  ProviderStore::WriteState write;
  write.state = snapshot;
  if (options_.fenced_put) {
    write.read = read;
    write.is_fenced = 1;
  }
  if (options_.needs_lock) {
    write.needs_lock = 1;
    write.lock = self.kept<StateStoreMemory>(memory_).lock;
  }
  const Answer written = ask(self, write);
  return {written.answered != 0 && written.response.status == Status::ok ? Done::ok : Done::failed};
}

// [remote_grpc.go: Unlock]
DoneResult StateStoreBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.locks) return {Done::ok};
  const bool reads_first = options_.compares_id && !options_.atomic_unlock;
  if (reads_first) {
    const Answer holder = ask(self, ProviderStore::ReadLock{});
    const bool is_own =
        holder.answered != 0 && holder.response.status == Status::ok && holder.response.lock.id == id;
    if (!is_own) return {Done::failed};
  }
  const std::uint16_t only_this_one = options_.compares_id && options_.atomic_unlock ? 1 : 0;
  const Answer removed = ask(self, ProviderStore::DeleteLock{id, only_this_one});
  return {removed.answered != 0 && removed.response.status == Status::ok ? Done::ok : Done::failed};
}

// The plugin framework's diagnostic names the lock's ID and who has it.
// [terraform-plugin-framework statestore: WorkspaceAlreadyLockedDiagnostic]
LockInfo StateStoreBackend::shown_lock(sim::Process& self) const {
  const Answer holder = ask(self, ProviderStore::ReadLock{});
  return holder.answered != 0 && holder.response.status == Status::ok ? holder.response.lock : LockInfo{};
}

}  // namespace lockstorm::models
