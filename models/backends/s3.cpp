// The parts every lock mode shares: lock order, state transfer, workspaces. Lock files are in
// s3_lockfile.cpp, DynamoDB locks in s3_dynamodb.cpp.
#include "models/backends/s3.hpp"

#include "models/backends/created_state.hpp"
#include "models/terraform/choice.hpp"

namespace lockstorm::models {
namespace {

bool succeeded(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 &&
         (answer.response.status == S3::Status::ok || answer.response.status == S3::Status::no_content);
}
bool not_found(const SdkAnswer<S3::Response>& answer) {
  return answer.answered != 0 && answer.response.status == S3::Status::not_found;
}
GetStatus status_of(const SdkAnswer<S3::Response>& read) {
  if (not_found(read)) return GetStatus::absent;
  return succeeded(read) ? GetStatus::found : GetStatus::failed;
}
bool succeeded(const SdkAnswer<DynamoDb::Response>& answer) {
  return answer.answered != 0 && answer.response.status == DynamoDb::Status::ok;
}

// 3.1 Get 4: rounds of 2 s within a deadline of 10 s.
constexpr std::chrono::seconds kDigestPause{2};
constexpr unsigned kDigestRounds = 6;

struct DigestLoop {
  std::uint16_t round = 0;
};

}  // namespace

// 2.7: every StateMgr lists the workspaces; a named one that is not listed is created under an `init` lock.
DoneResult S3Backend::open(sim::Process& self) const {
  const auto listing = call(self, S3::ListWorkspaces{});
  if (!succeeded(listing)) return {Done::failed};
  if (options_.default_workspace || listing.response.listed != 0) return {Done::ok};
  return create_unlisted_state(self, *this);
}

WorkspaceListing S3Backend::list_workspace(sim::Process& self) const {
  const auto listing = call(self, S3::ListWorkspaces{});
  if (!succeeded(listing)) return {};
  return {Done::ok, options_.default_workspace ? std::uint16_t{1} : listing.response.listed};
}

// 3.1 Delete: the state object, then the digest, whose error is only logged. The default workspace is
// refused.
DoneResult S3Backend::remove(sim::Process& self) const {
  if (options_.default_workspace) return {Done::failed};
  if (!succeeded(call(self, S3::DeleteState{}))) return {Done::failed};
  if (options_.dynamodb_table) call(self, DynamoDb::DeleteDigest{});
  return {Done::ok};
}

// 3.3 Lock: lockfile first, then DynamoDB, with the same id; both must succeed.
LockResult S3Backend::lock(sim::Process& self, const LockInfo& info) const {
  if (!options_.use_lockfile && !options_.dynamodb_table) return {LockStatus::no_locking, {}};
  if (!options_.dynamodb_table) return lock_with_file(self, info);
  if (!options_.use_lockfile) return lock_with_dynamodb(self, info);

  const LockResult file = lock_with_file(self, info);
  if (file.status != LockStatus::granted) return file;
  const LockResult table = lock_with_dynamodb(self, info);
  if (table.status == LockStatus::granted) return table;
  // 3.3.2: release the lock file with the ordinary Unlock procedure.
  if (unlock_with_file(self, info.id).status == Done::ok) return table;
  // Release failed: Terraform gives a plain error; OpenTofu warns and returns the retriable DynamoDB error,
  // so that the next attempt meets its own .tflock.
  if (options_.dialect == Dialect::terraform) return {LockStatus::failed, {}};
  return table;
}

// 3.3.3 Unlock: lockfile, then DynamoDB; both always attempted.
DoneResult S3Backend::unlock(sim::Process& self, const LockId& id) const {
  if (!options_.use_lockfile && !options_.dynamodb_table) return {Done::ok, LeftUndone::no_way};
  DoneResult file{Done::ok};
  DoneResult table{Done::ok};
  if (options_.use_lockfile) file = unlock_with_file(self, id);
  if (options_.dynamodb_table) table = unlock_with_dynamodb(self, id);
  return {file.status == Done::ok && table.status == Done::ok ? Done::ok : Done::failed};
}

// 2.10.4: OpenTofu asks first whether locking is configured. [OT s3/client.go: IsLockingEnabled]
DoneResult S3Backend::force_unlock(sim::Process& self, const LockId& id) const {
  const bool locks = options_.use_lockfile || options_.dynamodb_table;
  if (options_.dialect == Dialect::opentofu && !locks) return {Done::failed};
  return Backend::force_unlock(self, id);
}

// The contention message shows the info of the part that refused first.
LockInfo S3Backend::shown_lock(sim::Process& self) const {
  if (options_.use_lockfile) {
    const auto file = read_lock_info(self);
    const bool unreadable = file.answered != 0 && file.response.status == S3::Status::bad_request;
    if (!file.response.lock.empty() || unreadable || !options_.dynamodb_table) return file.response.lock;
  }
  return options_.dynamodb_table ? lock_info_from_dynamodb(self) : LockInfo{};
}

// 3.1 Get 2: HEAD, then the download (one GET up to 5 MiB in both tools).
GetResult S3Backend::get_object(sim::Process& self) const {
  const auto head = call(self, S3::HeadObject{S3::Object::state});
  if (status_of(head) != GetStatus::found) return {status_of(head), {}};
  if (options_.large_states && options_.dialect == Dialect::terraform) return get_ranges(self);
  const auto object = call(self, S3::GetObject{S3::Object::state});
  if (status_of(object) != GetStatus::found) return {status_of(object), {}};
  return {GetStatus::found, object.response.state};
}

// 3.1 Get 2, Terraform above 5 MiB: ranges without If-Match, into a buffer as long as HEAD has said. The
// first is awaited alone, because its answer says how much there is; it holds lineage and serial, the last
// one the resources. Ranges of two versions make a text that parses only if the two are of one length up to
// there. (Its upload in parts is one request here: nobody sees a part before the last call of it, which is as
// atomic.) [feature/s3/manager/download.go: download, getChunk]
GetResult S3Backend::get_ranges(sim::Process& self) const {
  const auto first = call(self, S3::GetObject{S3::Object::state, 1});
  if (status_of(first) != GetStatus::found) return {status_of(first), {}};
  const auto last = call(self, S3::GetObject{S3::Object::state, 2});
  if (status_of(last) != GetStatus::found) return {status_of(last), {}};
  const StateSnapshot& beginning = first.response.state;
  StateSnapshot text = last.response.state;
  if (text == beginning) return {GetStatus::found, text};
  text.lineage = beginning.lineage;
  text.serial = beginning.serial;
  if (self.choose(2, Choice::mixed_ranges_parse) == 0) return {GetStatus::failed, {}};
  return {GetStatus::found, text, 1};
}

// 3.1 Get: without a table there is no digest to compare (3.2).
GetResult S3Backend::get(sim::Process& self) const {
  if (!options_.dynamodb_table) return get_object(self);
  return self.scope<GetResult>(scope_tag::digest_loop, [&]() -> GetResult {
    DigestLoop loop;
    for (;;) {
      self.forget(scope_tag::digest_loop, loop);
      const GetResult object = self.scope<GetResult>(scope_tag::part, [&] { return get_object(self); });
      if (object.status == GetStatus::failed) return object;
      // 3: an error or a missing item is a warning, the state is accepted.
      const auto digest = call(self, DynamoDb::GetItem{DynamoDb::Item::digest, 1});
      if (!succeeded(digest) || !digest.response.digest.exists()) return object;
      // 4: different (also: state absent while a digest is present).
      if (object.status == GetStatus::found && object.snapshot == digest.response.digest) return object;
      if (++loop.round == kDigestRounds) return {GetStatus::failed, {}};
      self.sleep(kDigestPause);
    }
  });
}

// With a client of the store: the digest first, so that whoever saves in between has changed it.
DoneResult S3Backend::repair_digest(sim::Process& self) const {
  if (!options_.dynamodb_table) return {Done::failed};
  const auto old = call(self, DynamoDb::GetItem{DynamoDb::Item::digest, 1});
  if (!succeeded(old)) return {Done::failed};
  const auto object = call(self, S3::GetObject{S3::Object::state});
  if (status_of(object) != GetStatus::found) return {Done::failed};
  const auto put = call(
      self,
      DynamoDb::PutDigest{object.response.state, DynamoDb::Condition::digest_unchanged, old.response.digest});
  return {succeeded(put) ? Done::ok : Done::failed};
}

// 3.1 Put: the state, then the digest; both unconditional. A digest error is only logged (Put 2).
DoneResult S3Backend::put(sim::Process& self, const StateSnapshot& snapshot,
                          const StateSnapshot& read) const {
  S3::PutState request{snapshot, {}, S3::Condition::none};
  if (options_.fenced_put) {
    request.condition = read.exists() ? S3::Condition::if_match : S3::Condition::if_none_match_any;
    request.etag = read;
  }
  if (!succeeded(call(self, request))) return {Done::failed};
  if (options_.dynamodb_table) call(self, DynamoDb::PutDigest{snapshot});
  return {Done::ok};
}

}  // namespace lockstorm::models
