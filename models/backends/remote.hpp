// The remote backend and the cloud integration in local execution mode: HCP Terraform / TFE store the state
// and lock the workspace (backend-protocols.md 3.13). With remote execution runs are queued on the server and
// no client locks anything; that is not modelled.
#pragma once

#include "models/services/tfe_workspace.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct RemoteBackendOptions {
  Dialect dialect = Dialect::terraform;
  /// Terraform before 0.12.0: unlocks although the state could not be uploaded (hashicorp/terraform#21148).
  bool unlocks_after_failed_upload = false;
  /// Before OpenTofu 1.7: force-unlock by another version than the workspace's fails on the check of the
  /// version, and leaves a lock of its own (hashicorp/terraform#28853).
  bool force_unlock_locks = false;
};

/// [TF,OT backend/remote/backend_state.go; internal/cloud/state.go]
class RemoteBackend final : public Backend {
 public:
  /// `memory`: for whether a state could not be uploaded.
  RemoteBackend(RemoteBackendOptions options, sim::ServiceRef<TfeWorkspace> server, sim::Cell memory = {})
      : options_(options), server_(server), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  DoneResult evict(sim::Process& self, const LockId& id) const override;

 private:
  TfeWorkspace::Response call(sim::Process& self, const TfeWorkspace::Request& request) const;

  RemoteBackendOptions options_;
  sim::ServiceRef<TfeWorkspace> server_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
