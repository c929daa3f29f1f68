// The s3 backend's lock file: Lock and Unlock of `use_lockfile` (backend-protocols.md 3.2).
#include "models/backends/s3.hpp"

namespace lockstorm::models {

// Lock 1-3. [TF s3/client.go: lockWithFile], [OT s3/client.go: s3Lock]
LockResult S3Backend::lock_with_file(sim::Process& self, const LockInfo& info) const {
  const auto put = call(self, S3::PutLock{info, S3::Condition::if_none_match_any});
  if (put.answered != 0 && put.response.status == S3::Status::ok) return {LockStatus::granted, info};
  // Any error - 412, 409, network, 403 - is answered by looking who holds it; the window between the two
  // calls is real.
  const LockInfo holder = read_lock_info(self).response.lock;
  const bool conflict = put.answered != 0 && put.response.status == S3::Status::conflict;
  if (holder.empty())
    return {LockStatus::refused_without_info, {}, 0, conflict ? std::uint16_t{1} : std::uint16_t{0}};
  return {LockStatus::refused, holder};
}

// What a message says of the holder. Without the customer's key a file that is there cannot be read.
// [TF s3/client.go: getLockInfoWithFile], [OT s3/client.go: getLockInfoFromS3]
SdkAnswer<S3::Response> S3Backend::read_lock_info(sim::Process& self) const {
  const auto lacks_key = static_cast<std::uint16_t>(options_.info_read_lacks_key());
  return call(self, S3::GetObject{S3::Object::lockfile, 0, lacks_key});
}

// Unlock: GetObject, with the customer's key in both tools; compare the id; DeleteObject - unconditional in
// both tools.
// [TF s3/client.go: unlockWithFile], [OT s3/client.go: s3Unlock]
DoneResult S3Backend::unlock_with_file(sim::Process& self, const LockId& id) const {
  const LockInfo holder = call(self, S3::GetObject{S3::Object::lockfile}).response.lock;
  if (holder.empty() || holder.id != id) return {Done::failed};
  const auto removed = call(self, S3::DeleteLock{id, {}, S3::Condition::none});
  const bool done = removed.answered != 0 && removed.response.status == S3::Status::no_content;
  return {done ? Done::ok : Done::failed};
}

}  // namespace lockstorm::models
