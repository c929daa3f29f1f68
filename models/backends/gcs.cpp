// Lock, Get, Put and Unlock of backend-protocols.md 3.6 in the order of the real calls.
#include "models/backends/gcs.hpp"

#include <algorithm>

#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {
namespace {

using Status = Gcs::Status;

// An id with this bit stands for a UUID in text: no number, so that Unlock cannot parse it.
constexpr std::uint16_t kUuid = 0x8000;

// 2.12: 408, 429, 5xx.
bool is_retried(const Gcs::Response& response) {
  return response.status == Status::too_many_requests || response.status == Status::service_unavailable;
}

struct Backoff {
  std::uint16_t pause_s = 1;  // doubles, with jitter; the jitter is the scheduler's to choose
};
constexpr std::uint16_t kLongestPause_s = 30;

}  // namespace

// 2.12: calls that the client library takes for idempotent - reads, and whatever carries a generation
// precondition - are repeated until they succeed, without a deadline, but not after an EOF: that is no error
// which ShouldRetry knows (confirm.md 2, D2). [GCSC run, ShouldRetry]
GcsBackend::Answer GcsBackend::call_until_success(sim::Process& self, const Gcs::Request& request) const {
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    Backoff backoff;
    for (;;) {
      self.forget(scope_tag::sdk_call, backoff);
      const auto reply = self.call(gcs_, request);
      if (reply.answered() && !is_retried(*reply)) return {*reply, 1};
      if (!reply.answered() && connection_is_closed(self, options_.lost_connection)) return {};
      self.sleep(std::chrono::seconds(backoff.pause_s));
      backoff.pause_s =
          std::min<std::uint16_t>(static_cast<std::uint16_t>(backoff.pause_s * 2), kLongestPause_s);
    }
  });
}

// 2.12: an upload without a precondition (up to 16 MiB) is not repeated.
GcsBackend::Answer GcsBackend::call_once(sim::Process& self, const Gcs::Request& request) const {
  const auto reply = self.call(gcs_, request);
  return reply.answered() ? Answer{*reply, 1} : Answer{};
}

// 2.7: the state is created under an `init` lock, in any workspace. [gcs/backend_state.go: StateMgr]
DoneResult GcsBackend::open(sim::Process& self) const {
  const GetResult existing = get(self);
  if (existing.status == GetStatus::failed) return {Done::failed};
  return existing.status == GetStatus::found ? DoneResult{Done::ok} : create_state(self);
}

DoneResult GcsBackend::create_state(sim::Process& self) const {
  const LockResult locked = lock(self, {{sim::Who::me(), kInitLock}, LockOperation::init});
  if (locked.status != LockStatus::granted) return {Done::failed};
  // WriteState of an empty state, PersistState. The re-check under the lock is only that of 2.4.3b: a state
  // that somebody has created meanwhile is written back as it is.
  ManagerState manager;
  manager.current.writer = sim::Who::me();
  if (options_.creates_blindly) {
    manager.current.lineage = sim::Who::me();
    manager.current.serial = 1;
    manager.last = put(self, manager.current, {}).status;
  } else {
    manager = persist_state(self, *this, manager);
  }
  const DoneResult unlocked = unlock(self, locked.info.id);
  return {manager.last == Done::ok ? unlocked.status : manager.last};
}

// [gcs/client.go: Lock, lockError]
LockResult GcsBackend::lock(sim::Process& self, const LockInfo& info) const {
  const Answer insert =
      call_until_success(self, Gcs::InsertLock{info, {Gcs::Match::kAbsent, Gcs::Match::kAny}});
  if (insert.is(Status::ok))
    return {LockStatus::granted, {{info.id.owner, insert.response.generation}, info.operation}};
  const ShownLock holder = read_lock(self);
  if (holder.status == Status::ok) return {LockStatus::refused, holder.info};
  // The holder has let go between the two requests. OpenTofu says so and the wait goes on at once (2.2.5).
  const bool says_so = options_.dialect == Dialect::opentofu && holder.status == Status::not_found;
  return {says_so ? LockStatus::refused_inconsistent : LockStatus::refused_without_info, {}};
}

// Two requests: the text, then the generation, which takes the place of the id in the text. Nothing makes
// them speak of the same lock. [gcs/client.go: lockInfo]
GcsBackend::ShownLock GcsBackend::read_lock(sim::Process& self) const {
  const Answer text = call_until_success(self, Gcs::GetMedia{Gcs::Object::lock});
  if (!text.is(Status::ok)) return {text.status(), {}};
  LockInfo info = text.response.lock;
  if (options_.shows_uuid) {
    info.id.number |= kUuid;
    return {Status::ok, info};
  }
  const Answer attributes = call_until_success(self, Gcs::GetAttributes{Gcs::Object::lock});
  if (!attributes.is(Status::ok)) return {attributes.status(), {}};
  info.id.number = attributes.response.generation;
  return {Status::ok, info};
}

// The attributes are read for an MD5 that nobody compares, but an error is one. [gcs/client.go: Get]
GetResult GcsBackend::get(sim::Process& self) const {
  const Answer media = call_until_success(self, Gcs::GetMedia{Gcs::Object::state});
  if (media.is(Status::not_found)) return {GetStatus::absent, {}};
  if (!media.is(Status::ok)) return {GetStatus::failed, {}};
  const Answer attributes = call_until_success(self, Gcs::GetAttributes{Gcs::Object::state});
  if (!attributes.is(Status::ok)) return {GetStatus::failed, {}};
  return {GetStatus::found, media.response.state};
}

// No precondition. The fenced variant has one, which makes the library repeat it. [gcs/client.go: Put]
DoneResult GcsBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                           const StateSnapshot& read) const {
  const Answer insert =
      options_.fenced_put
          ? call_until_success(self, Gcs::InsertState{snapshot, read, Gcs::Condition::if_generation_match})
          : call_once(self, Gcs::InsertState{snapshot, {}, Gcs::Condition::none});
  return {insert.is(Status::ok) ? Done::ok : Done::failed};
}

// [gcs/client.go: Unlock]; a refusal reads the lock file for its message, which decides nothing.
DoneResult GcsBackend::unlock(sim::Process& self, const LockId& id) const {
  if ((id.number & kUuid) != 0) return {Done::failed};  // "Lock ID should be numerical value"
  const Answer removed = call_until_success(self, Gcs::DeleteLock{{id.number, Gcs::Match::kAny}});
  if (removed.is(Status::no_content)) return {Done::ok};
  read_lock(self);
  return {Done::failed};
}

LockInfo GcsBackend::shown_lock(sim::Process& self) const { return read_lock(self).info; }

}  // namespace lockstorm::models
