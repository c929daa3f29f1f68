// The s3 backend's DynamoDB lock: Lock and Unlock of `dynamodb_table` (backend-protocols.md 3.1).
#include "models/backends/s3.hpp"

namespace lockstorm::models {

// Lock 1-4. [TF s3/client.go: lockWithDynamoDB], [OT s3/client.go: dynamoDBLock]
LockResult S3Backend::lock_with_dynamodb(sim::Process& self, const LockInfo& info) const {
  const auto put = call(self, DynamoDb::PutLock{info, DynamoDb::Condition::attribute_not_exists});
  if (put.answered != 0 && put.response.status == DynamoDb::Status::ok) return {LockStatus::granted, info};
  // 3: any error, then a consistent read of the holder. 4: the holder may have gone in between - then there
  // is no info and the wait ends at once in both tools.
  const LockInfo holder = lock_info_from_dynamodb(self);
  if (holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, holder};
}

LockInfo S3Backend::lock_info_from_dynamodb(sim::Process& self) const {
  const auto item = call(self, DynamoDb::GetItem{DynamoDb::Item::lock, 1});
  if (item.answered == 0 || item.response.status != DynamoDb::Status::ok) return {};
  return item.response.lock;
}

// Unlock 1-3: Terraform deletes without a condition, OpenTofu only if Info is what it has just read.
// [TF s3/client.go: unlockWithDynamoDB], [OT s3/client.go: dynamoDBUnlock]
DoneResult S3Backend::unlock_with_dynamodb(sim::Process& self, const LockId& id) const {
  const LockInfo holder = lock_info_from_dynamodb(self);
  if (holder.empty() || holder.id != id) return {Done::failed};
  DynamoDb::DeleteLock request{id, {}, DynamoDb::Condition::none};
  if (options_.dialect == Dialect::opentofu) {
    request.condition = DynamoDb::Condition::info_unchanged;
    request.expected = holder;
  }
  const auto removed = call(self, request);
  const bool done = removed.answered != 0 && removed.response.status == DynamoDb::Status::ok;
  return {done ? Done::ok : Done::failed};
}

}  // namespace lockstorm::models
