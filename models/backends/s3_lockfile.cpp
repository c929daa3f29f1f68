// The s3 backend's lock file: Lock and Unlock of `use_lockfile` (backend-protocols.md 3.2).
#include "models/backends/s3.hpp"

namespace lockstorm::models {
namespace {

bool can_be_read(const SdkAnswer<S3::Response>& file) {
  return file.answered != 0 && file.response.status == S3::Status::ok && !file.response.lock.empty();
}

}  // namespace

// Lock 1-3. [TF s3/client.go: lockWithFile], [OT s3/client.go: s3Lock]
LockResult S3Backend::lock_with_file(sim::Process& self, const LockInfo& info) const {
  const auto put = call(self, S3::PutLock{info, S3::Condition::if_none_match_any});
  if (put.answered != 0 && put.response.status == S3::Status::ok) return {LockStatus::granted, info};
  // Any error - 412, 409, network, 403 - is answered by looking who holds it; the window between the two
  // calls is real.
  const LockInfo holder = lock_info_in(read_lock_file(self));
  if (holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder};
}

SdkAnswer<S3::Response> S3Backend::read_lock_file(sim::Process& self) const {
  return call(self, S3::GetObject{S3::Object::lockfile});
}

// What the message says of the holder. Without the customer's key a file that is there cannot be read: 400
// InvalidRequest. [TF s3/client.go: getLockInfoWithFile], [OT s3/client.go: getLockInfoFromS3]
LockInfo S3Backend::lock_info_in(const SdkAnswer<S3::Response>& file) const {
  if (!can_be_read(file) || options_.info_read_lacks_key()) return {};
  return file.response.lock;
}

// Unlock: GetObject, with the customer's key in both tools; compare the id; DeleteObject - unconditional in
// both tools.
// [TF s3/client.go: unlockWithFile], [OT s3/client.go: s3Unlock]
DoneResult S3Backend::unlock_with_file(sim::Process& self, const LockId& id) const {
  const auto file = read_lock_file(self);
  if (!can_be_read(file) || file.response.lock.id != id) return {Done::failed};
  const auto removed = call(self, S3::DeleteLock{id, {}, S3::Condition::none});
  const bool done = removed.answered != 0 && removed.response.status == S3::Status::no_content;
  return {done ? Done::ok : Done::failed};
}

}  // namespace lockstorm::models
