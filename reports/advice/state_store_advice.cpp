// What reports say to do about Terraform's state stores: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/state_store.hpp"

namespace lockstorm::reports {

using scenarios::StateStoreConfig;

Remedies remedies_of(const StateStoreConfig& config, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.fence =
      "A provider that remembers which version of the state it has read, and writes only on top of it: the "
      "protocol has no field for that, but the provider lives as long as the command. `fenced_put: true` in "
      "a scenario shows what it would change.";
  remedies.exclusion =
      "A provider whose UnlockState compares the ID and deletes in one request, so that nobody's lock goes "
      "that it was not given (`atomic_unlock` in a scenario).";
  if (!config.atomic_lock)
    remedies.exclusion =
        "A provider whose LockState looks for a lock and creates its own in one request, such as a "
        "conditional "
        "put (`atomic_lock` in a scenario).";
  if (!config.compares_id) remedies.release = "UnlockState is given the ID (`compares_id` in a scenario).";
  if (!config.locks)
    remedies.no_lock =
        "The provider takes no lock, and Terraform goes on without a word: use a state store that locks, or "
        "a backend.";
  return remedies;
}

std::vector<std::string> locking_advice(const StateStoreConfig& config, const AuditEvidence& /*evidence*/) {
  if (!config.locks)
    return {
        "Find out whether the provider locks: two applies at once, one of which has to be refused. If not, "
        "use another state store, or a backend."};
  return {
      "-lock-timeout does nothing here: what a provider says of a lock that somebody has is no lock error to "
      "Terraform. Let CI repeat a job that is refused."};
}

}  // namespace lockstorm::reports
