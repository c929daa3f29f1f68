// Terraform's and OpenTofu's consul backend (backend-protocols.md 3.5); the client code of both tools is the
// same.
#pragma once

#include "models/services/consul.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct ConsulBackendOptions {
  bool lock = true;  ///< the argument `lock`
  bool default_workspace = true;
  /// The lock is monitored, and acquired anew when it is lost. May be off where a running holder cannot lose
  /// its lock and the monitor's reads cannot fail often enough: it would always find the lock held, which has
  /// no effect on anything.
  bool monitor = true;
  /// Terraform before 0.9.7: no write compares anything (hashicorp/terraform#14312).
  bool blind_writes = false;
  /// A fix, not the real client: a state that was never seen is created with index 0, "only if absent".
  bool fenced_create = false;
};

struct ConsulClient;

/// [TF,OT consul/client.go, consul/backend_state.go]. What the real client keeps in memory - its lock
/// object, whether the lock channel is closed - is in consul_client.hpp.
class ConsulBackend final : public Backend {
 public:
  ConsulBackend(ConsulBackendOptions options, sim::ServiceRef<Consul> consul, sim::Cell memory = {})
      : options_(options), consul_(consul), memory_(memory) {}

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
  enum class Caller : std::uint8_t { init, command, monitor };
  enum class Use : std::uint8_t { put, unlock };

  /// The answer, or one that stands for none.
  Consul::Response call(sim::Process& self, const Consul::Request& request) const;

  LockResult acquire(sim::Process& self, const LockInfo& info, Caller caller) const;
  LockResult refusal(sim::Process& self) const;
  LockResult info_not_written(sim::Process& self, const LockInfo& info, Caller caller) const;
  void let_monitor_run(sim::Process& self, Use use) const;
  bool finds_lock_lost(sim::Process& self) const;
  void acquire_anew(sim::Process& self) const;
  DoneResult release(sim::Process& self, const LockId& session) const;
  DoneResult unlock_by_force(sim::Process& self, const LockId& id) const;
  [[nodiscard]] ConsulClient client_of(const sim::Process& self) const;
  void forget_lock(sim::Process& self) const;

  ConsulBackendOptions options_;
  sim::ServiceRef<Consul> consul_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
