// Lock, Get, Put, Unlock and Delete of backend-protocols.md 3.12, which is 3.1 with other services.
#include "models/backends/oss.hpp"

#include "models/backends/created_state.hpp"

namespace lockstorm::models {
namespace {

using Expect = TableStore::Expect;
using Row = TableStore::Row;

bool succeeded(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 &&
         (answer.response.status == S3::Status::ok || answer.response.status == S3::Status::no_content);
}
bool not_found(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 && answer.response.status == S3::Status::not_found;
}
bool succeeded(const SdkAnswer<TableStore::Response>& answer) {
  return answer.answered != 0 && answer.response.status == TableStore::Status::ok;
}

bool changes_nothing(const TableStore::Request& request) {
  return std::holds_alternative<TableStore::GetRow>(request) ||
         std::holds_alternative<TableStore::DescribeTable>(request);
}

// 7: digest deadline 10 s, poll 2 s.
constexpr std::chrono::seconds kDigestPause{2};
constexpr unsigned kDigestRounds = 6;

struct DigestLoop {
  std::uint16_t round = 0;
};

}  // namespace

// Where 2.12 is silent: the OSS library sends everything once. [aliyun-oss-go-sdk:oss/conn.go:doRequest]
SdkAnswer<S3::Response> OssBackend::call(sim::Process& self, const S3::Request& request) const {
  const auto reply = self.call(oss_, request);
  return reply.answered() ? SdkAnswer<S3::Response>{*reply, 1} : SdkAnswer<S3::Response>{};
}

// The TableStore library sends a request again, up to ten times within 5 s, when the server says that it has
// not executed it, when the connection broke - whatever the request does - and, if it only reads, after an
// internal error. A time-out of 30 s is past those 5 s, so that silence may be either.
// [aliyun-tablestore-go-sdk v4.1.2 (TF), v4.1.3 (OT): tablestore/api.go: doRequestWithRetry, getNextPause,
// shouldRetry, isIdempotent; model.go: NewDefaultTableStoreConfig]
SdkAnswer<TableStore::Response> OssBackend::call(sim::Process& self,
                                                 const TableStore::Request& request) const {
  const RetryPolicy attempts{
      .most = 11, .pause = std::chrono::milliseconds(10), .silence_may_be_final = true};
  return call_with_attempts(self, tablestore_, request, attempts, [&](const TableStore::Response& response) {
    return response.status == TableStore::Status::server_busy ||
           (response.status == TableStore::Status::internal_server_error && changes_nothing(request));
  });
}

// Every client of a state looks at its table first. [oss/backend_state.go: remoteClient]
DoneResult OssBackend::configure_client(sim::Process& self) const {
  if (!options_.tablestore_table) return {Done::ok, LeftUndone::no_way};
  return {succeeded(call(self, TableStore::DescribeTable{})) ? Done::ok : Done::failed};
}

// 2.7: every StateMgr lists the workspaces; a named one that is not listed is created under an `init` lock.
DoneResult OssBackend::open(sim::Process& self) const {
  if (configure_client(self).status != Done::ok) return {Done::failed};
  const WorkspaceListing workspace = list_workspace(self);
  if (workspace.status != Done::ok || workspace.listed != 0) return {workspace.status};
  return create_unlisted_state(self, *this);
}

WorkspaceListing OssBackend::list_workspace(sim::Process& self) const {
  const auto listing = call(self, S3::ListWorkspaces{S3::Listing::list_objects});
  if (!succeeded(listing)) return {};
  return {Done::ok, options_.default_workspace ? std::uint16_t{1} : listing.response.listed};
}

// 3.1 Lock 1-4: any error, then a read of the holder, which may be gone, or be oneself.
// [oss/client.go: Lock]
LockResult OssBackend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.tablestore_table) return {LockStatus::no_locking, {}};
  if (succeeded(call(self, TableStore::PutLock{info, Expect::not_exist}))) return {LockStatus::granted, info};
  const LockInfo holder = lock_info(self);
  if (holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder};
}

LockInfo OssBackend::lock_info(sim::Process& self) const {
  const auto row = call(self, TableStore::GetRow{Row::lock});
  return succeeded(row) ? row.response.lock : LockInfo{};
}

// Read, compare, DeleteRow IGNORE in both tools. [oss/client.go: Unlock]
DoneResult OssBackend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.tablestore_table) return {Done::ok};
  const LockInfo holder = lock_info(self);
  if (holder.empty() || holder.id != id) return {Done::failed};
  return {succeeded(call(self, TableStore::DeleteLock{id, Expect::ignore})) ? Done::ok : Done::failed};
}

// 2.10.4: OpenTofu asks first whether locking is configured. [command/unlock.go: Run]
DoneResult OssBackend::force_unlock(sim::Process& self, const LockId& id) const {
  if (options_.dialect == Dialect::opentofu && !options_.tablestore_table) return {Done::failed};
  return Backend::force_unlock(self, id);
}

// IsObjectExist, then GetObject, to which an object that is gone by now is an error. [oss/client.go: getObj]
GetResult OssBackend::get_object(sim::Process& self) const {
  const auto head = call(self, S3::HeadObject{S3::Object::state});
  if (not_found(head)) return {GetStatus::absent, {}};
  if (!succeeded(head)) return {GetStatus::failed, {}};
  const auto object = call(self, S3::GetObject{S3::Object::state});
  if (!succeeded(object)) return {GetStatus::failed, {}};
  return {GetStatus::found, object.response.state};
}

// 3.1 Get. [oss/client.go: Get, getMD5]
GetResult OssBackend::get(sim::Process& self) const {
  if (!options_.tablestore_table) return get_object(self);
  return self.scope<GetResult>(scope_tag::digest_loop, [&]() -> GetResult {
    DigestLoop loop;
    for (;;) {
      self.forget(scope_tag::digest_loop, loop);
      const GetResult object = self.scope<GetResult>(scope_tag::part, [&] { return get_object(self); });
      if (object.status == GetStatus::failed) return object;
      // 3: an error or a missing row is a warning, the state is accepted.
      const auto digest = call(self, TableStore::GetRow{Row::digest});
      if (!succeeded(digest) || !digest.response.digest.exists()) return object;
      // 4: different (also: state absent while a digest is present).
      if (object.status == GetStatus::found && object.snapshot == digest.response.digest) return object;
      if (++loop.round == kDigestRounds) return {GetStatus::failed, {}};
      self.sleep(kDigestPause);
    }
  });
}

// With a client of the store: the digest first, so that whoever saves in between has changed it.
DoneResult OssBackend::repair_digest(sim::Process& self) const {
  if (!options_.tablestore_table) return {Done::failed};
  const auto old = call(self, TableStore::GetRow{Row::digest});
  if (!succeeded(old)) return {Done::failed};
  const auto object = call(self, S3::GetObject{S3::Object::state});
  if (!succeeded(object)) return {Done::failed};
  const auto put =
      call(self, TableStore::PutDigest{object.response.state, std::uint16_t{1}, old.response.digest});
  return {succeeded(put) ? Done::ok : Done::failed};
}

// 3.1 Put: state, then digest, both unconditional; an error of the digest is only logged.
// [oss/client.go: Put, putMD5]
DoneResult OssBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                           const StateSnapshot& /*read*/) const {
  if (!succeeded(call(self, S3::PutState{snapshot, {}, S3::Condition::none}))) return {Done::failed};
  if (options_.tablestore_table) call(self, TableStore::PutDigest{snapshot});
  return {Done::ok};
}

// 3.1 Delete: the state object, then the digest, whose error is only logged.
// [oss/backend_state.go: DeleteWorkspace; oss/client.go: Delete, deleteMD5]
DoneResult OssBackend::remove(sim::Process& self) const {
  if (options_.default_workspace || configure_client(self).status != Done::ok) return {Done::failed};
  if (!succeeded(call(self, S3::DeleteState{}))) return {Done::failed};
  if (options_.tablestore_table) call(self, TableStore::DeleteDigest{Expect::exist});
  return {Done::ok};
}

LockInfo OssBackend::shown_lock(sim::Process& self) const {
  return options_.tablestore_table ? lock_info(self) : LockInfo{};
}

}  // namespace lockstorm::models
