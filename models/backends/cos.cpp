// Lock, Get, Put, Unlock and Delete of backend-protocols.md 3.11 in the order of the real calls.
#include "models/backends/cos.hpp"

#include "models/backends/created_state.hpp"

namespace lockstorm::models {
namespace {

using Status = S3::Status;

// 7: tag deletion, 30 tries x 1 s.
constexpr unsigned kTagDeletions = 30;
constexpr std::chrono::seconds kTagPause{1};

bool found(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 && answer.response.status == Status::ok;
}
bool not_found(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 && answer.response.status == Status::not_found;
}
bool deleted(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 &&
         (answer.response.status == Status::no_content || answer.response.status == Status::not_found);
}
bool succeeded(const SdkAnswer<TencentTag::Response>& answer) {
  return answer.answered != 0 && answer.response.status == TencentTag::Status::ok;
}

}  // namespace

// Where 2.12 is silent: three attempts in all, without a pause, until an answer below 500 comes. That is what
// has no body in Terraform's version of the library, and uploads as well in OpenTofu's, which rewinds them.
// [cos-go-sdk-v5 v0.7.42, v0.7.70: cos.go: NewClient, doRetry; object.go: Put]
CosBackend::Answer CosBackend::call(sim::Process& self, const S3::Request& request) const {
  const bool uploads =
      std::holds_alternative<S3::PutState>(request) || std::holds_alternative<S3::PutLock>(request);
  const bool repeats = !uploads || options_.dialect == Dialect::opentofu;
  return call_with_attempts(
      self, cos_, request, {.most = repeats ? 3U : 1U}, [](const S3::Response& response) {
        return response.status == Status::server_error || response.status == Status::slow_down;
      });
}

// The tag library's client profile sets no retries. [tencentcloud-sdk-go@322ef76:common/profile/
// client_profile.go: NetworkFailureMaxRetries, RateLimitExceededMaxRetries; cos/backend.go:configure]
SdkAnswer<TencentTag::Response> CosBackend::call(sim::Process& self,
                                                 const TencentTag::Request& request) const {
  const auto reply = self.call(tag_, request);
  return reply.answered() ? SdkAnswer<TencentTag::Response>{*reply, 1} : SdkAnswer<TencentTag::Response>{};
}

// 2.7: every StateMgr lists the workspaces; a named one that is not listed is created under an `init` lock.
DoneResult CosBackend::open(sim::Process& self) const {
  const WorkspaceListing workspace = list_workspace(self);
  if (workspace.status != Done::ok || workspace.listed != 0) return {workspace.status};
  return create_unlisted_state(self, *this);
}

WorkspaceListing CosBackend::list_workspace(sim::Process& self) const {
  const Answer listing = call(self, S3::ListWorkspaces{S3::Listing::get_bucket});
  if (!found(listing)) return {};
  return {Done::ok, options_.default_workspace ? std::uint16_t{1} : listing.response.listed};
}

// The tag first: any failure to create it is a lock error with whatever lock object there is, and leaves a
// tag that was created after all. [cos/client.go: Lock, cosLock]
LockResult CosBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!succeeded(call(self, TencentTag::CreateTag{}))) return lock_error(self);
  const LockResult result = lock_under_tag(self, info);
  const bool released = delete_tag(self).status == Done::ok;
  // Terraform's deferred cosUnlock drops its error. OpenTofu joins it to the result, which is then no
  // LockError any more: a lock that was granted fails and stays behind.
  if (released || options_.dialect == Dialect::terraform) return result;
  lock_error(self);  // reads the lock object for the message
  return {LockStatus::failed, {}};
}

LockResult CosBackend::lock_under_tag(sim::Process& self, const LockInfo& info) const {
  const Answer existing = call(self, S3::GetObject{S3::Object::lockfile});
  if (!not_found(existing)) return lock_error(self);  // it exists, or nobody knows
  const Answer put = call(self, S3::PutLock{info, S3::Condition::none});
  return found(put) ? LockResult{LockStatus::granted, info} : lock_error(self);
}

// A LockError with the lock object of that moment, which may be another's, one's own or none.
// [cos/client.go: lockError, lockInfo]
LockResult CosBackend::lock_error(sim::Process& self) const {
  const Answer object = call(self, S3::GetObject{S3::Object::lockfile});
  if (!found(object)) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, object.response.lock};
}

// Deletes the tag if there is one, whoever created it. An error of the look ends it; errors of the deletion
// are tried again, and the last of them is lost in a shadowed variable. [cos/client.go: cosUnlock, CheckTag,
// DeleteTag]
DoneResult CosBackend::delete_tag(sim::Process& self) const {
  return self.scope<DoneResult>(scope_tag::part, [&]() -> DoneResult {
    for (unsigned attempt = 0; attempt < kTagDeletions; ++attempt) {
      const auto tag = call(self, TencentTag::DescribeTags{});
      if (!succeeded(tag)) return {Done::failed};
      if (tag.response.listed == 0) return {Done::ok};
      if (succeeded(call(self, TencentTag::DeleteTag{}))) return {Done::ok};
      self.sleep(kTagPause);
    }
    return {Done::ok};
  });
}

// The digest that came with the object is compared with its content; a store that tears nothing never makes
// them differ. [cos/client.go: Get, getObject]
GetResult CosBackend::get(sim::Process& self) const {
  const Answer object = call(self, S3::GetObject{S3::Object::state});
  if (not_found(object)) return {GetStatus::absent, {}};
  if (!found(object)) return {GetStatus::failed, {}};
  return {GetStatus::found, object.response.state};
}

// Unconditional. [cos/client.go: Put, putObject]
DoneResult CosBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                           const StateSnapshot& /*read*/) const {
  return {found(call(self, S3::PutState{snapshot, {}, S3::Condition::none})) ? Done::ok : Done::failed};
}

// Read, compare, unconditional delete; then the tag, which this client has not created.
// [cos/client.go: Unlock]
DoneResult CosBackend::unlock(sim::Process& self, const LockId& id) const {
  const Answer holder = call(self, S3::GetObject{S3::Object::lockfile});
  const bool done = found(holder) && holder.response.lock.id == id &&
                    deleted(call(self, S3::DeleteLock{id, {}, S3::Condition::none})) &&
                    delete_tag(self).status == Done::ok;
  if (done) return {Done::ok};
  lock_error(self);
  return {Done::failed};
}

// DeleteWorkspace: the state object, no lock. [cos/backend_state.go: DeleteWorkspace]
DoneResult CosBackend::remove(sim::Process& self) const {
  if (options_.default_workspace) return {Done::failed};
  return {deleted(call(self, S3::DeleteState{})) ? Done::ok : Done::failed};
}

LockInfo CosBackend::shown_lock(sim::Process& self) const { return lock_error(self).info; }

bool CosBackend::is_blocked(sim::Process& self) const {
  return call(self, TencentTag::DescribeTags{}).response.listed != 0;
}

}  // namespace lockstorm::models
