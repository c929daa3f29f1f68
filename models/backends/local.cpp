// Lock, Get, Put and Unlock of backend-protocols.md 3.10 in the order of the real calls.
#include "models/backends/local.hpp"

namespace lockstorm::models {
namespace {

using Status = LocalFiles::Status;

// What the client remembers between its calls.
struct LocalClient {
  std::uint16_t is_open = 0;  ///< `stateFileOut != nil`: the state file is
  std::uint16_t created = 0;  ///< there was no state file when it was opened
};

bool parses(const LocalFiles::Response& read) { return read.state.torn == 0; }

}  // namespace

// A system call always returns; only a dead process sees no answer, and it does not get here.
LocalFiles::Response LocalBackend::call(sim::Process& self, const LocalFiles::Request& request) const {
  const auto reply = self.call(disk_, request);
  return reply.answered() ? *reply : LocalFiles::Response{Status::no_process, {}, {}, 0};
}

// 2.7: StateMgr creates nothing, so nothing is locked for it. A command is a process of its own: the end of
// an earlier one has closed what that one had open (4.8), and left behind the empty file it had created.
DoneResult LocalBackend::open(sim::Process& self) const {
  if (self.kept<LocalClient>(memory_).is_open != 0) call(self, LocalFiles::UnlockFile{});
  self.keep(memory_, LocalClient{});
  return {Done::ok};
}

// [statemgr/filesystem.go: Lock, createStateFiles, writeLockInfo]
LockResult LocalBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (self.kept<LocalClient>(memory_).is_open == 0) {
    // "This could race", says the source, "but we only use it to clean up empty files".
    const bool creates = call(self, LocalFiles::Stat{}).status == Status::no_entry;
    call(self, LocalFiles::Open{});
    // It stays open while the command waits for the lock.
    self.keep(memory_, LocalClient{1, static_cast<std::uint16_t>(creates)});
    // Terraform reads the future backup before it has the lock: whatever a writer has got to by then, a file
    // that does not parse ends the command, -lock-timeout or not. OpenTofu reads it under the lock, as
    // RefreshState will anyway.
    const bool reads_early = dialect_ == Dialect::terraform;
    if (reads_early && !parses(call(self, LocalFiles::ReadState{1}))) return {LockStatus::failed, {}};
  }
  if (call(self, LocalFiles::LockFile{}).status != Status::ok) {
    // The holder writes its info after it has the lock and removes it before it lets go: there may be none,
    // or that of a job that died.
    const LockInfo holder = read_info(self);
    if (holder.empty()) return {LockStatus::refused_without_info, {}};
    return {LockStatus::refused, holder};
  }
  call(self, LocalFiles::WriteInfo{info});
  return {LockStatus::granted, info};
}

LockInfo LocalBackend::read_info(sim::Process& self) const {
  const LocalFiles::Response read = call(self, LocalFiles::ReadInfo{});
  return read.status == Status::ok ? read.info : LockInfo{};
}

// RefreshState, through the locked handle. An empty file is no state. [statemgr/filesystem.go: refreshState]
GetResult LocalBackend::get(sim::Process& self) const {
  const LocalFiles::Response read = call(self, LocalFiles::ReadState{});
  if (!parses(read)) return {GetStatus::failed, {}};
  return {read.state.exists() ? GetStatus::found : GetStatus::absent, read.state};
}

// Without a lock the first write opens the file, and reads it for the backup. Where it cannot be read, the
// write is left out, and nobody is told. [statemgr/filesystem.go: TF writeState and createStateFiles, OT
// persistState and prepareBackupFile]
bool LocalBackend::open_unlocked(sim::Process& self) const {
  auto client = self.kept<LocalClient>(memory_);
  if (client.is_open != 0) return true;
  call(self, LocalFiles::Open{});
  client.is_open = 1;
  self.keep(memory_, client);
  return parses(call(self, LocalFiles::ReadState{1}));
}

// In place: no temporary file, no rename. [statemgr/filesystem.go: TF writeState, OT persistState]
DoneResult LocalBackend::put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot&) const {
  if (!open_unlocked(self)) return {Done::ok, LeftUndone::no_way};
  call(self, LocalFiles::Truncate{});
  call(self, LocalFiles::WritePrefix{});
  return {call(self, LocalFiles::WriteContents{snapshot}).status == Status::ok ? Done::ok : Done::failed};
}

// The id is compared with the one this very process drew when it locked; a fresh process has none, which is
// why force-unlock fails with "not locked" (2.10.3). [statemgr/filesystem.go: Unlock]
DoneResult LocalBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!id.owner.is_me()) return {Done::failed};
  call(self, LocalFiles::RemoveInfo{id});
  const LocalFiles::Response closed = call(self, LocalFiles::UnlockFile{});
  const bool created = self.kept<LocalClient>(memory_).created != 0;
  self.keep(memory_, LocalClient{});
  // Nothing keeps others from opening, locking and writing the file in between.
  const bool is_empty = call(self, LocalFiles::Stat{}).status == Status::empty_file;
  if (is_empty && created) call(self, LocalFiles::RemoveState{});
  return {closed.status == Status::ok ? Done::ok : Done::failed};
}

// [statemgr/filesystem.go: TF writeState, OT persistState: "state is nil, so leaving the file empty"]
DoneResult LocalBackend::erase(sim::Process& self) const {
  if (open_unlocked(self)) call(self, LocalFiles::Truncate{1});
  return {Done::ok};
}

// What a refused command shows; an info file without a lock blocks nobody and is never seen.
LockInfo LocalBackend::shown_lock(sim::Process& self) const {
  if (call(self, LocalFiles::QueryLock{}).status == Status::ok) return {};
  return read_info(self);
}

}  // namespace lockstorm::models
