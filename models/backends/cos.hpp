// Terraform's and OpenTofu's cos backend: a tag as short mutex around a plain lock object
// (backend-protocols.md 3.11).
#pragma once

#include "models/backends/sdk_answer.hpp"
#include "models/services/s3.hpp"
#include "models/services/tencent_tag.hpp"

namespace lockstorm::models {

struct CosBackendOptions {
  Dialect dialect = Dialect::terraform;
  bool default_workspace = true;
};

/// The id of a lock is the digest of its LockInfo text, which holds a random id: LockId is as good a name for
/// it. [TF,OT cos/client.go, cos/backend_state.go]
class CosBackend final : public Backend {
 public:
  CosBackend(CosBackendOptions options, sim::ServiceRef<TencentCos> cos, sim::ServiceRef<TencentTag> tag)
      : options_(options), cos_(cos), tag_(tag) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  [[nodiscard]] bool has_workspaces() const override { return true; }
  WorkspaceListing list_workspace(sim::Process& self) const override;
  DoneResult remove(sim::Process& self) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  /// A tag without a lock object: nobody can lock, and there is no id to unlock with (3.11, COS-1).
  bool is_blocked(sim::Process& self) const override;

 private:
  using Answer = SdkAnswer<S3::Response>;

  Answer call(sim::Process& self, const S3::Request& request) const;
  SdkAnswer<TencentTag::Response> call(sim::Process& self, const TencentTag::Request& request) const;
  LockResult lock_under_tag(sim::Process& self, const LockInfo& info) const;
  LockResult lock_error(sim::Process& self) const;
  DoneResult delete_tag(sim::Process& self) const;

  CosBackendOptions options_;
  sim::ServiceRef<TencentCos> cos_;
  sim::ServiceRef<TencentTag> tag_;
};

}  // namespace lockstorm::models
