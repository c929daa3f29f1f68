// Lock, Get, Put and Unlock of backend-protocols.md 3.4 in the order of the real calls.
#include "models/backends/azurerm.hpp"

#include <algorithm>

#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {
namespace {

using Status = AzureBlob::Status;

// What the client remembers between its calls: `leaseID`, which is the lock's id.
struct AzurermClient {
  LockId lease;
};

bool is_read(const AzureBlob::Request& request) {
  return std::holds_alternative<AzureBlob::GetBlob>(request) ||
         std::holds_alternative<AzureBlob::GetProperties>(request);
}

// 2.12: both tools repeat 408, 429 and 5xx, never 409 and 412.
bool is_retried(const AzureBlob::Response& response) {
  return response.status == Status::server_error || response.status == Status::server_busy;
}

struct AttemptsMade {
  std::uint16_t made = 0;
};

}  // namespace

AzurermBackend::Answer AzurermBackend::call(sim::Process& self, const AzureBlob::Request& request) const {
  return self.scope<Answer>(scope_tag::sdk_call, [&] {
    return options_.dialect == Dialect::terraform ? call_terraform(self, request)
                                                  : call_opentofu(self, request);
  });
}

// 2.12: about 590 000 tries within 9999 h, waits 1..61 s: for ever. A failed connection is an error at once,
// except for a GET or HEAD that was reset: no other method counts as idempotent, and an EOF is final for all
// (confirm.md 2, D2). [AZH Request.IsIdempotent, Execute, retryableClient]
AzurermBackend::Answer AzurermBackend::call_terraform(sim::Process& self,
                                                      const AzureBlob::Request& request) const {
  constexpr std::uint16_t kLongestWait_s = 61;
  constexpr std::uint16_t kLongestAfter = 6;
  AttemptsMade attempts;
  for (;;) {
    self.forget(scope_tag::sdk_call, attempts);
    const auto reply = self.call(blob_, request);
    if (reply.answered() && !is_retried(*reply)) return {*reply, 1};
    if (!reply.answered() && (!is_read(request) || connection_is_closed(self, options_.lost_connection)))
      return {};
    const auto doubled = static_cast<std::uint16_t>(1U << attempts.made);
    self.sleep(std::chrono::seconds(std::min(doubled, kLongestWait_s)));
    attempts.made = std::min<std::uint16_t>(static_cast<std::uint16_t>(attempts.made + 1), kLongestAfter);
  }
}

// 2.12: four tries of whatever method, 0.8 s doubling; all of them within `timeout_seconds` (300), so that a
// slow answer may use up the time of those after it. [AZR]
AzurermBackend::Answer AzurermBackend::call_opentofu(sim::Process& self,
                                                     const AzureBlob::Request& request) const {
  constexpr std::uint16_t kTries = 4;
  AttemptsMade attempts;
  for (;;) {
    self.forget(scope_tag::sdk_call, attempts);
    const auto reply = self.call(blob_, request);
    if (reply.answered() && !is_retried(*reply)) return {*reply, 1};
    const std::chrono::milliseconds pause(800U << attempts.made);
    if (++attempts.made == kTries || !self.sleep_unless_deadline(pause))
      return reply.answered() ? Answer{*reply, 1} : Answer{};
  }
}

LockId AzurermBackend::lease_of(const sim::Process& self) const {
  return self.kept<AzurermClient>(memory_).lease;
}

// 2.7, for any workspace: absent or empty, the state is created under an `init` lock. A command is a process
// of its own, so it starts without a lease. [azure/backend_state.go: StateMgr]
DoneResult AzurermBackend::open(sim::Process& self) const {
  self.keep(memory_, AzurermClient{});
  const GetResult existing = get(self);
  if (existing.status == GetStatus::failed) return {Done::failed};
  return existing.status == GetStatus::found ? DoneResult{Done::ok} : create_state(self);
}

DoneResult AzurermBackend::create_state(sim::Process& self) const {
  const LockInfo info{{sim::Who::me(), kInitLock}, LockOperation::init};
  if (lock(self, info).status != LockStatus::granted) return {Done::failed};
  ManagerState manager;
  manager.current.writer = sim::Who::me();
  if (options_.dialect == Dialect::terraform) {
    const GetResult again = get(self);
    // Somebody was faster. The call that unlocks sits in the branch not taken: the lease stays, and this very
    // command will not get it (2.7).
    if (again.status == GetStatus::found) return {Done::ok};
    if (again.status == GetStatus::failed) {
      unlock(self, info.id);
      return {Done::failed};
    }
  }
  manager = persist_state(self, *this, manager);
  const DoneResult unlocked = unlock(self, info.id);
  return {manager.last == Done::ok ? unlocked.status : manager.last};
}

// Lock 1-6. [azure/client.go: Lock]
LockResult AzurermBackend::lock(sim::Process& self, const LockInfo& info) const {
  const Answer properties = call(self, AzureBlob::GetProperties{});  // 1
  if (!properties.succeeded()) {
    if (!properties.is(Status::not_found)) {
      return options_.dialect == Dialect::terraform ? lock_error(self) : LockResult{LockStatus::failed, {}};
    }
    if (!call(self, AzureBlob::PutBlob{{}}).succeeded()) return lock_error(self);  // 2: no If-None-Match
  }
  if (properties.succeeded() && properties.response.is_locked()) return lock_error(self);  // 3
  if (!call(self, AzureBlob::AcquireLease{info.id, kInfiniteLease}).succeeded())
    return lock_error(self);                   // 4
  self.keep(memory_, AzurermClient{info.id});  // 5
  // 6: a plain error, and nobody will release what 4 acquired.
  if (write_lock_info(self, info, info.id).status != Done::ok) return {LockStatus::failed, {}};
  return {LockStatus::granted, info};
}

// `info?`: what the metadata says now, which need not be about the lease that was met.
LockResult AzurermBackend::lock_error(sim::Process& self) const {
  const LockInfo holder = read_lock_info(self);
  if (holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder};
}

// [azure/client.go: getLockInfo]
LockInfo AzurermBackend::read_lock_info(sim::Process& self) const {
  const Answer properties = call(self, AzureBlob::GetProperties{lease_of(self)});
  return properties.succeeded() ? properties.response.metadata : LockInfo{};
}

// Other metadata is kept; here there is none. [azure/client.go: writeLockInfo]
DoneResult AzurermBackend::write_lock_info(sim::Process& self, const LockInfo& info,
                                           const LockId& lease) const {
  if (!call(self, AzureBlob::GetProperties{lease}).succeeded()) return {Done::failed};
  return {call(self, AzureBlob::SetMetadata{info, lease}).succeeded() ? Done::ok : Done::failed};
}

// [azure/client.go: Get]
GetResult AzurermBackend::get(sim::Process& self) const {
  const Answer blob = call(self, AzureBlob::GetBlob{lease_of(self)});
  if (blob.is(Status::not_found)) return {GetStatus::absent, {}};
  if (!blob.succeeded()) return {GetStatus::failed, {}};
  return {blob.response.state.exists() ? GetStatus::found : GetStatus::absent, blob.response.state};
}

// The lease id is the fence. [azure/client.go: Put]
DoneResult AzurermBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                               const StateSnapshot&) const {
  const LockId lease = lease_of(self);
  if (options_.snapshot && !call(self, AzureBlob::SnapshotBlob{lease}).succeeded()) return {Done::failed};
  const Answer properties = call(self, AzureBlob::GetProperties{lease});
  if (!properties.succeeded() && !properties.is(Status::not_found)) return {Done::failed};
  const Answer written = call(self, AzureBlob::PutBlob{snapshot, properties.response.metadata, lease});
  return {written.succeeded() ? Done::ok : Done::failed};
}

// [azure/client.go: Unlock]. Whoever unlocks takes over the lease id that is on record.
DoneResult AzurermBackend::unlock(sim::Process& self, const LockId& id) const {
  const LockInfo holder = read_lock_info(self);
  if (holder.empty() || holder.id != id) return {Done::failed};
  // Before 0.12.0 with what this process remembers of its lease, which is nothing where another has locked.
  if (options_.unlock_lacks_lease && write_lock_info(self, {}, lease_of(self)).status != Done::ok)
    return {Done::failed};
  if (write_lock_info(self, {}, holder.id).status != Done::ok) return {Done::failed};
  if (!call(self, AzureBlob::ReleaseLease{id}).succeeded()) return {Done::failed};
  self.keep(memory_, AzurermClient{});
  return {Done::ok};
}

// What a refused command shows: nothing, where the lease has no metadata yet or any more. Metadata that a
// broken lease has left behind blocks nobody and is never seen.
LockInfo AzurermBackend::shown_lock(sim::Process& self) const {
  const Answer properties = call(self, AzureBlob::GetProperties{});
  if (!properties.succeeded() || !properties.response.is_locked()) return {};
  return properties.response.metadata;
}

}  // namespace lockstorm::models
