// Terraform's and OpenTofu's local backend: a state file under a kernel lock (backend-protocols.md 3.10).
#pragma once

#include "models/services/local_files.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

/// [TF,OT statemgr/filesystem.go: Filesystem]. When it writes is the state manager's business
/// (`write_state_file`).
class LocalBackend final : public Backend {
 public:
  /// `memory`: for the state file that is open.
  LocalBackend(Dialect dialect, sim::ServiceRef<LocalFiles> disk, sim::Cell memory = {})
      : dialect_(dialect), disk_(disk), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  DoneResult erase(sim::Process& self) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  LocalFiles::Response call(sim::Process& self, const LocalFiles::Request& request) const;
  [[nodiscard]] bool open_unlocked(sim::Process& self) const;
  [[nodiscard]] LockInfo read_info(sim::Process& self) const;

  Dialect dialect_;
  sim::ServiceRef<LocalFiles> disk_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
