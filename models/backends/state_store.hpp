// Terraform's state stores: backends that a provider brings (backend-protocols.md 3.15).
#pragma once

#include "models/services/provider_store.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct StateStoreOptions {
  bool locks = true;          ///< false: the provider answers LockState without an ID: nothing is locked
  bool atomic_unlock = true;  ///< UnlockState compares and deletes at once; false: it reads, and then deletes
  /// What no message of the protocol asks for, and a provider can do by itself: it lives as long as the
  /// command, and can remember which version it has read.
  bool fenced_put = false;
};

/// LockState carries the operation and no lock info; it answers with an ID, or with diagnostics that are no
/// LockError. WriteStateBytes carries neither that ID nor a version. What is behind these calls is the
/// provider's own: it is taken to make one request each of its store, and not to repeat any. StateMgr asks
/// for nothing, and creates nothing. [TF internal/states/remote/remote_grpc.go;
/// internal/backend/pluggable/pluggable.go: StateMgr; docs/plugin-protocol/tfplugin6.proto]
class StateStoreBackend final : public Backend {
 public:
  StateStoreBackend(StateStoreOptions options, sim::ServiceRef<ProviderStore> store)
      : options_(options), store_(store) {}

  DoneResult open(sim::Process&) const override { return {Done::ok}; }
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  StateStoreOptions options_;
  sim::ServiceRef<ProviderStore> store_;
};

}  // namespace lockstorm::models
