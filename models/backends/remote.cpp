// Lock, Get, Put and Unlock of backend-protocols.md 3.13 in the order of the real calls.
#include "models/backends/remote.hpp"

namespace lockstorm::models {
namespace {

using Status = TfeWorkspace::Status;

// What the client remembers between its calls.
struct RemoteClient {
  std::uint16_t upload_failed = 0;  ///< `stateUploadErr`
};

constexpr std::chrono::seconds kBackoff{1};

struct Nothing {
  std::uint16_t unused = 0;
};

bool is_retried(Status status) {
  return status == Status::server_error || status == Status::too_many_requests;
}

}  // namespace

// 2.12, 3.13.6: go-tfe repeats 429, 5xx and failed connections, up to 30 times, so that more faults than a
// run contains are needed to see an error. 409 is final.
TfeWorkspace::Response RemoteBackend::call(sim::Process& self, const TfeWorkspace::Request& request) const {
  return self.scope<TfeWorkspace::Response>(scope_tag::sdk_call, [&]() -> TfeWorkspace::Response {
    for (Nothing nothing;;) {
      self.forget(scope_tag::sdk_call, nothing);
      const auto reply = self.call(server_, request);
      if (reply.answered() && !is_retried(reply->status)) return *reply;
      self.sleep(kBackoff);
    }
  });
}

// The workspace is read, and created if need be; its state is not.
DoneResult RemoteBackend::open(sim::Process& self) const {
  self.keep(memory_, RemoteClient{});
  call(self, TfeWorkspace::ReadWorkspace{});
  return {Done::ok};
}

// 1. The refusal carries the caller's own info, whoever holds the lock. Here it carries the holder's, so that
// a client that is told of its own lock is one that really has met its own lock.
LockResult RemoteBackend::lock(sim::Process& self, const LockInfo& info) const {
  const TfeWorkspace::Response locked = call(self, TfeWorkspace::Lock{info.id});
  if (locked.status == Status::ok) return {LockStatus::granted, info};
  return {LockStatus::refused, {locked.lock, info.operation}};
}

// 2.
GetResult RemoteBackend::get(sim::Process& self) const {
  const TfeWorkspace::Response current = call(self, TfeWorkspace::ReadCurrent{});
  if (current.status == Status::not_found) return {GetStatus::absent, {}};
  call(self, TfeWorkspace::Download{current.state});
  return {GetStatus::found, current.state};
}

// 3.
DoneResult RemoteBackend::put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot&) const {
  if (call(self, TfeWorkspace::CreateStateVersion{snapshot}).status == Status::ok) return {Done::ok};
  self.keep(memory_, RemoteClient{1});
  return {Done::failed};
}

// 4, 5. Who has not locked forces; the id it has to give is the workspace's name.
DoneResult RemoteBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!id.owner.is_me())
    return {call(self, TfeWorkspace::ForceUnlock{id}).status == Status::ok ? Done::ok : Done::failed};
  // On purpose: nobody shall apply before the state has been uploaded.
  if (self.kept<RemoteClient>(memory_).upload_failed != 0 && !options_.unlocks_after_failed_upload)
    return {Done::ok, LeftUndone::on_purpose};
  for (Nothing nothing;;) {
    self.forget(scope_tag::unlock, nothing);
    const Status unlocked = call(self, TfeWorkspace::Unlock{id}).status;
    if (unlocked != Status::pending) return {unlocked == Status::ok ? Done::ok : Done::failed};
    // 1.1: only Terraform waits until the state version has been processed.
    if (options_.dialect == Dialect::opentofu) return {Done::failed};
    self.sleep(kBackoff);
  }
}

// Which calls left the new lock is not told; one lock, after the removal, is the least that does.
DoneResult RemoteBackend::evict(sim::Process& self, const LockId& id) const {
  const DoneResult evicted = Backend::evict(self, id);
  if (!options_.force_unlock_locks || evicted.status != Done::ok) return evicted;
  call(self, TfeWorkspace::Lock{{sim::Who::me(), 0}});
  return {Done::failed};
}

// What the workspace's page shows; force-unlock needs only the workspace's name.
LockInfo RemoteBackend::shown_lock(sim::Process& self) const {
  return {call(self, TfeWorkspace::ReadWorkspace{}).lock, LockOperation::none};
}

}  // namespace lockstorm::models
