// Lock, Get, Put, Unlock and Delete of backend-protocols.md 3.15 in the order of the real calls.
#include "models/backends/oci.hpp"

#include "models/backends/created_state.hpp"

namespace lockstorm::models {
namespace {

using Condition = OracleObjects::Condition;
using Object = OracleObjects::Object;
using Status = OracleObjects::Status;

bool has_status(const SdkAnswer<OracleObjects::Response>& answer, Status status) {
  return answer.answered != 0 && answer.response.status == status;
}

}  // namespace

// Where 2.12 is silent: five attempts in all, 2, 8, 18 and 32 s apart, after 429, 500 and 503. A connection
// error has no HTTP response, which is looked at first, and is never tried again; of its own the client times
// nothing out. [TF oci/retry.go: getDefaultRetryPolicy, shouldRetry; oci/constants.go: DefaultRequestTimeout]
OciBackend::Answer OciBackend::call(sim::Process& self, const OracleObjects::Request& request) const {
  constexpr RetryPolicy kAttempts{.most = 5, .pause = std::chrono::seconds(2), .after_silence = false};
  return call_with_attempts(self, oci_, request, kAttempts, [](const OracleObjects::Response& response) {
    return response.status == Status::too_many_requests || response.status == Status::internal_server_error;
  });
}

// 2.7: every StateMgr lists the workspaces; a named one that is not listed is created under an `init` lock.
DoneResult OciBackend::open(sim::Process& self) const {
  const WorkspaceListing workspace = list_workspace(self);
  if (workspace.status != Done::ok || workspace.listed != 0) return {workspace.status};
  return create_unlisted_state(self, *this);
}

// This request alone has no retry policy. [oci/backend_state.go: Workspaces]
WorkspaceListing OciBackend::list_workspace(sim::Process& self) const {
  const auto listing = self.call(oci_, OracleObjects::Request{OracleObjects::ListWorkspaces{}});
  if (!listing.answered() || listing->status != Status::ok) return {};
  return {Done::ok, options_.default_workspace ? std::uint16_t{1} : listing->state_listed};
}

// Any error is answered by looking who holds it, who may be gone, or be oneself. [oci/client.go: Lock]
LockResult OciBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (has_status(call(self, OracleObjects::PutLock{info, Condition::if_none_match_any}), Status::ok))
    return {LockStatus::granted, info};
  const LockInfo holder = shown_lock(self);
  if (holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder};
}

// Read, compare the id, delete what was read: If-Match. [oci/client.go: Unlock, getLockInfo]
DoneResult OciBackend::unlock(sim::Process& self, const LockId& id) const {
  const Answer holder = call(self, OracleObjects::GetLock{});
  if (!has_status(holder, Status::ok) || holder.response.lock.id != id) return {Done::failed};
  const Answer removed = call(self, OracleObjects::DeleteObject{id, Object::lock, holder.response.etag});
  return {has_status(removed, Status::no_content) ? Done::ok : Done::failed};
}

// HEAD, then the version that it has named: a state that changes in between is an error.
// [oci/client.go: Get, getObject]
GetResult OciBackend::get(sim::Process& self) const {
  const Answer head = call(self, OracleObjects::HeadState{});
  if (has_status(head, Status::not_found)) return {GetStatus::absent, {}};
  if (!has_status(head, Status::ok)) return {GetStatus::failed, {}};
  const Answer object = call(self, OracleObjects::GetState{head.response.etag});
  if (!has_status(object, Status::ok)) return {GetStatus::failed, {}};
  return {GetStatus::found, object.response.state};
}

// Ten workers share the parts; since nobody sees a part, one after the other is the same. A worker that
// cannot upload its part reports that and ends without telling the wait group, so that Put waits for it for
// ever: the abort behind it is never reached. [oci/multipart_upload.go: multiPartUploadImpl,
// uploadPartsWorker]
bool OciBackend::put_parts(sim::Process& self, const StateSnapshot& snapshot) const {
  if (!has_status(call(self, OracleObjects::CreateUpload{snapshot}), Status::ok)) return false;
  for (std::uint16_t part = 1; part <= options_.parts; ++part) {
    if (!has_status(call(self, OracleObjects::UploadPart{part}), Status::ok))
      self.wait_until([] { return false; });
  }
  return has_status(call(self, OracleObjects::CommitUpload{snapshot}), Status::ok);
}

// Unconditional; in one request as long as the state is smaller than a part, and when an upload in parts has
// failed. [oci/client.go: Put, uploadSinglePartObject]
DoneResult OciBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                           const StateSnapshot& read) const {
  if (options_.parts > 1 && put_parts(self, snapshot)) return {Done::ok};
  OracleObjects::PutState request{snapshot, {}, Condition::none};
  if (options_.fenced_put) {
    request.condition = read.exists() ? Condition::if_match : Condition::if_none_match_any;
    request.match = read;
  }
  return {has_status(call(self, request), Status::ok) ? Done::ok : Done::failed};
}

// Everything whose name begins as the state's, version by version: also the lock, whoever holds it. Errors
// are collected. [oci/backend_state.go: DeleteWorkspace; oci/client.go: DeleteAllObjectVersions]
DoneResult OciBackend::remove(sim::Process& self) const {
  if (options_.default_workspace) return {Done::failed};
  const Answer listing = call(self, OracleObjects::ListVersions{});
  if (!has_status(listing, Status::ok)) return {Done::failed};
  bool removed = true;
  if (listing.response.state_listed != 0)
    removed = has_status(call(self, OracleObjects::DeleteObject{{}, Object::state, 0}), Status::no_content);
  if (listing.response.lock_listed != 0) {
    const Answer lock = call(self, OracleObjects::DeleteObject{{}, Object::lock, 0});
    removed = removed && has_status(lock, Status::no_content);
  }
  return {removed ? Done::ok : Done::failed};
}

LockInfo OciBackend::shown_lock(sim::Process& self) const {
  const Answer object = call(self, OracleObjects::GetLock{});
  return has_status(object, Status::ok) ? object.response.lock : LockInfo{};
}

}  // namespace lockstorm::models
