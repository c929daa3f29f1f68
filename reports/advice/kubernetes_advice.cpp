// What reports say to do about the kubernetes backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/kubernetes.hpp"

namespace lockstorm::reports {

using scenarios::KubernetesConfig;

Remedies remedies_of(const KubernetesConfig& config, models::Dialect /*tool*/) {
  Remedies remedies;
  if (config.parts > 1 || config.initial_parts > 1) {
    remedies.split_state =
        "A state in one object: its secrets are written one after the other, and whoever stops or comes "
        "between them leaves parts of two states, which nobody can read. Split the configuration so that "
        "each state stays below 1 MiB when compressed.";
  }
  remedies.fence =
      "A fenced write: the update of the secret with the resourceVersion that was read under the lock. The "
      "backend sends the one of a moment ago, which stops nobody; `fenced_put: true` in a scenario shows "
      "what it would change.";
  return remedies;
}

std::vector<std::string> locking_advice(const KubernetesConfig& /*config*/,
                                        const AuditEvidence& /*evidence*/) {
  return {
      "Every command creates a missing state under a lock of its own: a job that dies there leaves a lock "
      "that `force-unlock` cannot remove. `kubectl delete lease lock-tfstate-<workspace>-<secret_suffix>` "
      "does."};
}

}  // namespace lockstorm::reports
