// Terraform's and OpenTofu's kubernetes backend (backend-protocols.md 3.7).
#pragma once

#include "models/services/kubernetes.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct KubernetesBackendOptions {
  Dialect dialect = Dialect::terraform;
  /// Secrets a state fills, 1 MiB each. Terraform only: OpenTofu writes one secret or fails.
  std::uint16_t parts = 1;
  unsigned max_retries = 10;  ///< 2.12
  /// A fix, not the real client: the state's update carries the resourceVersion of the version this process
  /// read last, and the first write creates the secret with its data. One secret only.
  bool fenced_put = false;
};

class KubernetesBackend final : public Backend {
 public:
  KubernetesBackend(KubernetesBackendOptions options, sim::ServiceRef<Kubernetes> cluster);

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  /// The last attempt's answer. Not answered: the connection was lost.
  struct Answer {
    Kubernetes::Response response;
    std::uint16_t answered = 0;

    [[nodiscard]] bool is(Kubernetes::Status status) const {
      return answered != 0 && response.status == status;
    }
    [[nodiscard]] bool ok() const { return is(Kubernetes::Status::ok); }
  };
  Answer call(sim::Process& self, const Kubernetes::Request& request) const;
  /// What becomes of a Lock whose last request has that answer.
  static LockResult taken_if(const Answer& answer, const LockInfo& info);

  DoneResult create_state(sim::Process& self) const;
  DoneResult put_secret(sim::Process& self, std::uint16_t part, const StateSnapshot& snapshot) const;
  DoneResult put_fenced(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const;

  KubernetesBackendOptions options_;
  sim::ServiceRef<Kubernetes> cluster_;
};

}  // namespace lockstorm::models
