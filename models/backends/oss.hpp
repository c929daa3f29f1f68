// Terraform's and OpenTofu's oss backend: state in Alibaba OSS, lock and digest in TableStore
// (backend-protocols.md 3.12).
#pragma once

#include "models/backends/sdk_answer.hpp"
#include "models/services/s3.hpp"
#include "models/services/tablestore.hpp"

namespace lockstorm::models {

struct OssBackendOptions {
  Dialect dialect = Dialect::terraform;
  bool tablestore_table = false;  ///< lock and digest; without it there are neither
  bool default_workspace = true;
};

/// [TF,OT oss/client.go, oss/backend_state.go]
class OssBackend final : public Backend {
 public:
  OssBackend(OssBackendOptions options, sim::ServiceRef<AlibabaOss> oss,
             sim::ServiceRef<TableStore> tablestore)
      : options_(options), oss_(oss), tablestore_(tablestore) {}

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
  SdkAnswer<S3::Response> call(sim::Process& self, const S3::Request& request) const;
  SdkAnswer<TableStore::Response> call(sim::Process& self, const TableStore::Request& request) const;
  DoneResult configure_client(sim::Process& self) const;
  GetResult get_object(sim::Process& self) const;
  LockInfo lock_info(sim::Process& self) const;

  OssBackendOptions options_;
  sim::ServiceRef<AlibabaOss> oss_;
  sim::ServiceRef<TableStore> tablestore_;
};

}  // namespace lockstorm::models
