// Terraform's and OpenTofu's s3 backend in all its lock modes (backend-protocols.md 3.1, 3.2, 3.3).
#pragma once

#include "models/backends/aws_sdk.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct S3BackendOptions {
  Dialect dialect = Dialect::terraform;
  bool dynamodb_table = false;  ///< lock and digest in DynamoDB (3.1)
  bool use_lockfile = false;    ///< lock in `<key>.tflock` (3.2); with both: 3.3
  unsigned max_attempts = 5;
  bool default_workspace = true;
  /// A fix, not the real client: Put carries If-Match of the version this process read last (5.4.3).
  bool fenced_put = false;
  /// States are above 5 MiB, which Terraform reads in ranges.
  bool large_states = false;
  /// Objects are encrypted with a key of the customer's (SSE-C) that whoever reads them has to send.
  bool customer_key = false;

  /// 1.1, 3.2: Terraform leaves the key out where it reads a lock file only to say who holds it.
  [[nodiscard]] bool info_read_lacks_key() const { return customer_key && dialect == Dialect::terraform; }
};

class S3Backend final : public Backend {
 public:
  S3Backend(S3BackendOptions options, sim::ServiceRef<S3> s3, sim::ServiceRef<DynamoDb> dynamodb)
      : options_(options), s3_(s3), dynamodb_(dynamodb) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  [[nodiscard]] bool has_workspaces() const override { return true; }
  WorkspaceListing list_workspace(sim::Process& self) const override;
  DoneResult remove(sim::Process& self) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  DoneResult repair_digest(sim::Process& self) const override;
  DoneResult force_unlock(sim::Process& self, const LockId& id) const override;

 private:
  // lockfile (3.2)
  LockResult lock_with_file(sim::Process& self, const LockInfo& info) const;
  SdkAnswer<S3::Response> read_lock_info(sim::Process& self) const;
  DoneResult unlock_with_file(sim::Process& self, const LockId& id) const;
  // DynamoDB (3.1)
  LockResult lock_with_dynamodb(sim::Process& self, const LockInfo& info) const;
  LockInfo lock_info_from_dynamodb(sim::Process& self) const;
  DoneResult unlock_with_dynamodb(sim::Process& self, const LockId& id) const;
  // state and digest
  GetResult get_object(sim::Process& self) const;
  GetResult get_ranges(sim::Process& self) const;

  SdkAnswer<S3::Response> call(sim::Process& self, const S3::Request& request) const {
    return sdk_call(self, s3_, request, options_.max_attempts);
  }
  SdkAnswer<DynamoDb::Response> call(sim::Process& self, const DynamoDb::Request& request) const {
    return sdk_call(self, dynamodb_, request, options_.max_attempts);
  }

  S3BackendOptions options_;
  sim::ServiceRef<S3> s3_;
  sim::ServiceRef<DynamoDb> dynamodb_;
};

}  // namespace lockstorm::models
