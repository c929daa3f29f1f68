// Lock, Get, Put and Unlock of backend-protocols.md 3.9 in the order of the real calls.
#include "models/backends/http.hpp"

#include <algorithm>

namespace lockstorm::models {
namespace {

using Status = HttpState::Status;

DoneResult done_if(bool ok) { return {ok ? Done::ok : Done::failed}; }

// What the client remembers between its calls: `lockID` and `jsonLockInfo`, set by a granted lock.
struct HttpClient {
  LockId lock;
};

}  // namespace

// 2.12, [RHTTP]: every method is repeated on connection errors, 429 and 5xx, LOCK and POST like any other.
HttpBackend::Answer HttpBackend::call(sim::Process& self, const HttpState::Request& request) const {
  return self.scope<Answer>(scope_tag::sdk_call, [&]() -> Answer {
    constexpr std::chrono::seconds kLongestWait{30};
    std::chrono::seconds wait{1};
    for (unsigned retries = 0;; ++retries) {
      const auto reply = self.call(server_, request);
      const bool retry = !reply.answered() || reply->status == Status::server_error ||
                         reply->status == Status::too_many_requests;
      if (!retry || retries == options_.retry_max) return reply.answered() ? Answer{*reply, 1} : Answer{};
      self.sleep(wait);
      wait = std::min(wait * 2, kLongestWait);
    }
  });
}

LockId HttpBackend::remembered_lock(const sim::Process& self) const {
  return self.kept<HttpClient>(memory_).lock;
}

// 2.7: nothing is ever created. A new manager remembers no lock. Terraform's development version reads the
// state here; 1.11.4, watched, sends nothing before LOCK (confirm.md 2, D1), as OpenTofu does.
DoneResult HttpBackend::open(sim::Process& self) const {
  self.keep(memory_, HttpClient{});
  return {Done::ok};
}

// [http/client.go: Lock]
LockResult HttpBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.lock_address) {
    // OpenTofu has sent nothing yet. Monitors see flags change, so nobody may begin inside his critical
    // section: getting here takes a moment.
    self.work();
    return {LockStatus::no_locking, {}};
  }
  self.keep(memory_, HttpClient{});
  const Answer answer = call(self, HttpState::Lock{info});
  if (answer.is(Status::ok)) {
    self.keep(memory_, HttpClient{info.id});
    return {LockStatus::granted, info};
  }
  if (!answer.is(Status::conflict) && !answer.is(Status::locked)) return {LockStatus::failed, {}};
  if (answer.response.readable == 0) {
    // Terraform has no info to show; OpenTofu takes its own for the holder's, so that it goes on waiting.
    if (options_.dialect == Dialect::terraform) return {LockStatus::refused_without_info, {}};
    return {LockStatus::refused, info};
  }
  // 2.2.1: an info without an id is not retriable.
  if (answer.response.lock.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, answer.response.lock};
}

// [http/client.go: Get]
GetResult HttpBackend::get(sim::Process& self) const {
  const Answer answer = call(self, HttpState::GetState{});
  if (answer.is(Status::not_found) || answer.is(Status::no_content)) return {GetStatus::absent, {}};
  if (!answer.is(Status::ok)) return {GetStatus::failed, {}};
  return {GetStatus::found, answer.response.state};
}

// [http/client.go: Put]
DoneResult HttpBackend::put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot&) const {
  const Answer answer = call(self, HttpState::PostState{snapshot, remembered_lock(self)});
  return done_if(answer.is(Status::ok) || answer.is(Status::created) || answer.is(Status::no_content));
}

// The body is what was remembered from the lock request. On a fresh manager - force-unlock - Terraform's is
// empty and OpenTofu's says only the id that the user gave; when OpenTofu does remember a lock, it must be
// that one. [http/client.go: Unlock]
DoneResult HttpBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.unlock_address) return {Done::ok, LeftUndone::no_way};
  LockId sent = remembered_lock(self);
  if (options_.dialect == Dialect::opentofu) {
    if (!sent.empty() && sent != id) return {Done::failed};
    sent = id;
  }
  return done_if(call(self, HttpState::Unlock{sent, id}).is(Status::ok));
}

// 2.10.4: OpenTofu asks first whether locking is configured, which it takes for the address to unlock at.
// [OT http/client.go: IsLockingEnabled; command/unlock.go]
DoneResult HttpBackend::force_unlock(sim::Process& self, const LockId& id) const {
  if (options_.dialect == Dialect::opentofu && !options_.unlock_address) return {Done::failed};
  return Backend::force_unlock(self, id);
}

// No request asks for the holder: a person reads the message of a job that was refused. When the server's
// answer could not be read, OpenTofu's message names the refused job itself (RB-80).
LockInfo HttpBackend::shown_lock(sim::Process& self) const {
  if (!options_.lock_address) return {};
  const Answer answer = call(self, HttpState::LookAtLock{});
  const bool refused = answer.is(Status::conflict) || answer.is(Status::locked);
  if (!refused) return {};
  if (answer.response.readable == 0 && options_.dialect == Dialect::opentofu)
    return {{sim::Who::me(), 0}, LockOperation::apply};
  return answer.response.lock;
}

}  // namespace lockstorm::models
