// Terraform's state stores: backends that a provider brings (backend-protocols.md 3.15).
#pragma once

#include "models/backends/sdk_answer.hpp"
#include "models/services/provider_store.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct StateStoreOptions {
  bool locks = true;          ///< false: the provider answers LockState without an ID: nothing is locked
  bool atomic_lock = true;    ///< LockState looks and creates at once; false: it looks, and then creates
  bool compares_id = true;    ///< false: UnlockState deletes whichever lock there is
  bool atomic_unlock = true;  ///< UnlockState compares and deletes at once; false: it reads, and then deletes
  std::uint8_t attempts = 1;  ///< how often a request is sent that fails or is not answered
  bool knows_own_lock = true;  ///< a repeated LockState that meets the lock of its own ID has succeeded
  // What no message of the protocol asks for, and a provider can do by itself, as it lives as long as the
  // command:
  bool fenced_put = false;  ///< remember which version it has read, and write only on top of that
  bool needs_lock = false;  ///< remember the ID that it has answered with, and write only under that lock
};

/// What a provider's process remembers for `needs_lock`.
struct StateStoreMemory {
  LockId lock;
};

/// LockState carries the operation and no lock info; it answers with an ID, or with diagnostics that are no
/// LockError. WriteStateBytes carries neither that ID nor a version. What is behind these calls is the
/// provider's own: it is taken to make one request each of its store, and to repeat none unless `attempts`
/// says so. StateMgr asks for nothing, and creates nothing. [TF internal/states/remote/remote_grpc.go;
/// internal/backend/pluggable/pluggable.go: StateMgr; docs/plugin-protocol/tfplugin6.proto]
class StateStoreBackend final : public Backend {
 public:
  StateStoreBackend(StateStoreOptions options, sim::ServiceRef<ProviderStore> store, sim::Cell memory = {})
      : options_(options), store_(store), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  using Answer = SdkAnswer<ProviderStore::Response>;
  Answer ask(sim::Process& self, const ProviderStore::Request& request) const;
  void remember(sim::Process& self, const LockId& lock) const;

  StateStoreOptions options_;
  sim::ServiceRef<ProviderStore> store_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
