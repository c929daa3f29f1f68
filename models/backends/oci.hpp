// Terraform's oci backend: a lock object that is created and deleted under preconditions
// (backend-protocols.md 3.15).
#pragma once

#include "models/backends/sdk_answer.hpp"
#include "models/services/oracle_objects.hpp"

namespace lockstorm::models {

struct OciBackendOptions {
  bool default_workspace = true;
  /// A fix, not the real client: Put carries If-Match of the version this process read last (5.4.3).
  bool fenced_put = false;
  /// A state above 128 MiB is uploaded in so many parts; 1: in one request.
  unsigned parts = 1;
};

/// OpenTofu has no such backend. [TF oci/client.go, oci/backend_state.go, oci/retry.go]
class OciBackend final : public Backend {
 public:
  OciBackend(OciBackendOptions options, sim::ServiceRef<OracleObjects> oci) : options_(options), oci_(oci) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  [[nodiscard]] bool has_workspaces() const override { return true; }
  WorkspaceListing list_workspace(sim::Process& self) const override;
  DoneResult remove(sim::Process& self) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  using Answer = SdkAnswer<OracleObjects::Response>;
  Answer call(sim::Process& self, const OracleObjects::Request& request) const;
  bool put_parts(sim::Process& self, const StateSnapshot& snapshot) const;

  OciBackendOptions options_;
  sim::ServiceRef<OracleObjects> oci_;
};

}  // namespace lockstorm::models
