#include "models/backends/inmem.hpp"

#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {
namespace {
using Status = ProcessMemory::Status;
}

// A call within the process always returns; only a dead process sees no answer, and it does not get here.
ProcessMemory::Response InmemBackend::call(sim::Process& self, const ProcessMemory::Request& request) const {
  const auto reply = self.call(memory_, request);
  return reply.answered() ? *reply : ProcessMemory::Response{Status::no_process, {}, {}};
}

// The default workspace is put into the map when the backend is configured; any other is created under an
// `init` lock by whoever asks for it first in this process (2.7). [inmem/backend.go: configure, StateMgr]
DoneResult InmemBackend::open(sim::Process& self) const {
  call(self, ProcessMemory::Start{});
  // "Test config": it is the default workspace's lock.
  if (options_.lock_id && options_.default_workspace)
    call(self, ProcessMemory::Lock{{{sim::Who::predecessor(), 0}, LockOperation::none}});
  if (options_.default_workspace) return {Done::ok};
  const LockInfo info{{sim::Who::me(), kInitLock}, LockOperation::init};
  if (lock(self, info).status != LockStatus::granted) return {Done::failed};
  ManagerState manager;
  manager.current.writer = sim::Who::me();
  const Done created = persist_state(self, *this, manager).last;
  unlock(self, info.id);
  return {created};
}

// [inmem/backend.go: lockMap.lock]
LockResult InmemBackend::lock(sim::Process& self, const LockInfo& info) const {
  const ProcessMemory::Response locked = call(self, ProcessMemory::Lock{info});
  if (locked.status == Status::ok) return {LockStatus::granted, info};
  return {LockStatus::refused, locked.lock};
}

GetResult InmemBackend::get(sim::Process& self) const {
  const ProcessMemory::Response read = call(self, ProcessMemory::Get{});
  return {read.state.exists() ? GetStatus::found : GetStatus::absent, read.state};
}

DoneResult InmemBackend::put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot&) const {
  return {call(self, ProcessMemory::Put{snapshot}).status == Status::ok ? Done::ok : Done::failed};
}

// [inmem/backend.go: lockMap.unlock]
DoneResult InmemBackend::unlock(sim::Process& self, const LockId& id) const {
  return {call(self, ProcessMemory::Unlock{id}).status == Status::ok ? Done::ok : Done::failed};
}

LockInfo InmemBackend::shown_lock(sim::Process& self) const {
  return call(self, ProcessMemory::ReadLock{}).lock;
}

}  // namespace lockstorm::models
