// Lock, Get, Put and Unlock of backend-protocols.md 3.5 in the order of the real calls; the lock's
// monitor is in consul_watch.cpp.
#include "models/backends/consul.hpp"

#include "models/backends/consul_client.hpp"
#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {

using Status = Consul::Status;

ConsulClient ConsulBackend::client_of(const sim::Process& self) const {
  return self.kept<ConsulClient>(memory_);
}

// A command is a process of its own: it starts with a new client. After an unlock, too, nothing is left.
void ConsulBackend::forget_lock(sim::Process& self) const { self.keep(memory_, ConsulClient{}); }

// 2.12: no client retries, whatever the error.
Consul::Response ConsulBackend::call(sim::Process& self, const Consul::Request& request) const {
  const auto reply = self.call(consul_, request);
  if (reply.answered()) return *reply;
  Consul::Response nothing;
  nothing.status = Status::no_answer;
  return nothing;
}

// 2.7: a named workspace is locked on every call. [consul/backend_state.go: StateMgr]
DoneResult ConsulBackend::open(sim::Process& self) const {
  forget_lock(self);
  if (options_.default_workspace) return {Done::ok};
  const LockInfo info{{sim::Who::me(), kInitLock}, LockOperation::init};
  const LockStatus locked = options_.lock ? acquire(self, info, Caller::init).status : LockStatus::no_locking;
  if (locked != LockStatus::granted && locked != LockStatus::no_locking) return {Done::failed};
  ManagerState manager;
  manager.current.writer = sim::Who::me();
  const GetResult existing = get(self);
  if (existing.status == GetStatus::absent) manager = persist_state(self, *this, manager);
  const bool failed = existing.status == GetStatus::failed || manager.last != Done::ok;
  const DoneResult unlocked = unlock(self, info.id);
  return failed ? DoneResult{Done::failed} : unlocked;
}

LockResult ConsulBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.lock) {  // 1
    // Monitors see flags change, so nobody may begin inside his critical section: getting here takes a
    // moment.
    self.work();
    return {LockStatus::no_locking, {}};
  }
  return acquire(self, info, Caller::command);
}

// Lock 3-7. The id of the lock is the session's. [consul/client.go: lock; CONL Lock]
//
// Not sent: the look at the lock key that follows a refused acquire, and the blocking one that waits up to a
// second for a held lock (Lock 5a, 5b). They decide how long it takes to give up, and whatever they could see
// first, the look below and the acquire could as well have seen later: time is free.
LockResult ConsulBackend::acquire(sim::Process& self, const LockInfo& info, Caller caller) const {
  if (call(self, Consul::CreateSession{info.id}).status != Status::ok) return {LockStatus::failed, {}};  // 3
  if (caller == Caller::monitor) {
    ConsulClient client = client_of(self);
    client.has_lock = 1;  // a new lock object, no lock
    self.keep(memory_, client);
  }
  const Consul::Response look = call(self, Consul::GetLock{});  // 5a
  if (look.status != Status::ok && look.status != Status::not_found)
    return {LockStatus::refused_without_info, {}};  // 6
  if (!look.holder.empty() && look.holder != info.id) return refusal(self);
  if (look.holder.empty()) {
    const Status acquired = call(self, Consul::Acquire{info.id}).status;  // 5b
    if (acquired == Status::no) return refusal(self);
    if (acquired != Status::ok) return {LockStatus::refused_without_info, {}};  // 6, be it acquired or not
  }
  ConsulClient client = client_of(self);
  client.remember_lock(info.id);
  self.keep(memory_, client);
  if (call(self, Consul::PutInfo{info}).status != Status::ok)
    return info_not_written(self, info, caller);  // 7
  return {LockStatus::granted, info};
}

// 6: whatever `.lockinfo` says, be it about the holder or about somebody before.
LockResult ConsulBackend::refusal(sim::Process& self) const {
  const Consul::Response info = call(self, Consul::GetInfo{});
  if (info.status != Status::ok) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, info.info};
}

// 7: the real client calls its own unlock(), which was not written for this moment.
LockResult ConsulBackend::info_not_written(sim::Process& self, const LockInfo& info, Caller caller) const {
  // unlock() calls monitorCancel, which nobody has set before a first lock of this client was granted: a nil
  // function. The process ends in a panic and leaves the lock to its session's time.
  const bool first_lock = caller == Caller::init || (caller == Caller::command && options_.default_workspace);
  if (first_lock) self.exit();
  release(self, info.id);
  // unlock() waits for the goroutine that monitors the lock, and that is the one it runs in: it waits for
  // itself for ever, with the client's mutex locked, and so does whoever uses the client next.
  if (caller == Caller::monitor) self.wait_until([] { return false; });
  forget_lock(self);
  return {LockStatus::failed, {}};
}

// Unlock 3: the flag that release answers is ignored. Not sent: what comes after it. The lock key is deleted
// by check-and-set if nobody holds it, and an unheld key is the same as none; the session is destroyed by its
// renewer if the process lives long enough, and it holds nothing any more, unless the release has failed:
// then it expires like that of any process that has ended.
DoneResult ConsulBackend::release(sim::Process& self, const LockId& session) const {
  const bool cleared = call(self, Consul::DeleteInfo{session}).status == Status::ok;
  const Status released = call(self, Consul::Release{session}).status;
  return {cleared && (released == Status::ok || released == Status::no) ? Done::ok : Done::failed};
}

// `id` is that of the first session, also when the lock has been acquired anew since; only the force path
// looks at it.
DoneResult ConsulBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.lock) return {Done::ok, LeftUndone::no_way};
  let_monitor_run(self, Use::unlock);
  const ConsulClient client = client_of(self);
  if (client.has_lock == 0) return unlock_by_force(self, id);  // 1
  if (client.lost != 0) {                                      // 2
    forget_lock(self);
    return {Done::failed};  // "consul lock was lost"
  }
  const DoneResult released = release(self, client.session());  // 3
  forget_lock(self);
  return released;
}

// The path of a manager that holds no lock object, `force-unlock` among them. All but the first error are
// ignored.
DoneResult ConsulBackend::unlock_by_force(sim::Process& self, const LockId& id) const {
  if (call(self, Consul::DestroySession{id}).status != Status::ok) return {Done::failed};
  call(self, Consul::DeleteLock{id});
  call(self, Consul::DeleteInfo{id});
  return {Done::ok};
}

// [consul/client.go: Get]
GetResult ConsulBackend::get(sim::Process& self) const {
  const Consul::Response key = call(self, Consul::GetState{0});
  if (key.status == Status::not_found) return {GetStatus::absent, {}};
  if (key.status != Status::ok) return {GetStatus::failed, {}};
  for (std::uint16_t chunk = 0; key.is_pointer != 0 && chunk < Consul::kChunks; ++chunk) {
    if (call(self, Consul::GetChunk{key.state, chunk}).status != Status::ok) return {GetStatus::failed, {}};
  }
  return {GetStatus::found, key.state};
}

// Put 1-4. `read` is the version whose index the client remembers: that of the last Get or Put that
// succeeded. [consul/client.go: Put]
DoneResult ConsulBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                              const StateSnapshot& read) const {
  let_monitor_run(self, Use::put);
  const Consul::Response old = call(self, Consul::GetState{1});  // 1
  if (old.status != Status::ok && old.status != Status::not_found) return {Done::failed};
  // 2: an index of 0 is not compared.
  const bool compares = !options_.blind_writes && (read.exists() || options_.fenced_create);
  Consul::WriteState write{snapshot, read, compares ? Consul::Verb::cas : Consul::Verb::set, 0};
  Status stored = call(self, write).status;  // 3
  if (stored == Status::too_large) {         // 4
    for (std::uint16_t chunk = 0; chunk < Consul::kChunks; ++chunk) {
      if (call(self, Consul::PutChunk{snapshot, chunk}).status != Status::ok) return {Done::failed};
    }
    write.pointer = 1;
    stored = call(self, write).status;
  }
  if (stored != Status::ok) return {Done::failed};
  // The tree of the pointer that step 1 has seen, be it the very text just written.
  if (old.is_pointer != 0) call(self, Consul::DeleteChunks{old.state});
  return {Done::ok};
}

WorkspaceListing ConsulBackend::list_workspace(sim::Process& self) const {
  const Consul::Response listing = call(self, Consul::ListWorkspaces{});
  if (listing.status != Status::ok && listing.status != Status::not_found) return {Done::failed, 0};
  const bool listed = options_.default_workspace || listing.status == Status::ok;
  return {Done::ok, static_cast<std::uint16_t>(listed)};
}

// [consul/backend_state.go: DeleteWorkspace]: chunks and lock keys stay.
DoneResult ConsulBackend::remove(sim::Process& self) const {
  if (options_.default_workspace) return {Done::failed};
  return {call(self, Consul::DeleteState{}).status == Status::ok ? Done::ok : Done::failed};
}

// What a refused command shows; the info that an expired lock leaves behind blocks nobody.
LockInfo ConsulBackend::shown_lock(sim::Process& self) const {
  if (call(self, Consul::GetLock{}).holder.empty()) return {};
  return call(self, Consul::GetInfo{}).info;
}

}  // namespace lockstorm::models
