// The inmem backend: state and lock in the memory of the process (backend-protocols.md 3.14).
#pragma once

#include "models/services/process_memory.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct InmemBackendOptions {
  bool default_workspace = true;
  bool lock_id = false;  ///< argument `lock_id`: the state is locked before anybody asks
};

/// [TF,OT inmem/backend.go, inmem/client.go]; made for tests. Two commands never see each other's lock or
/// state.
class InmemBackend final : public Backend {
 public:
  InmemBackend(InmemBackendOptions options, sim::ServiceRef<ProcessMemory> memory)
      : options_(options), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  ProcessMemory::Response call(sim::Process& self, const ProcessMemory::Request& request) const;

  InmemBackendOptions options_;
  sim::ServiceRef<ProcessMemory> memory_;
};

}  // namespace lockstorm::models
