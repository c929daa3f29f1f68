// What reports say to do about the remote backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/remote.hpp"

namespace lockstorm::reports {

using scenarios::RemoteConfig;

std::vector<std::string> damage_advice(const RemoteConfig& /*config*/, const AuditEvidence& evidence) {
  if (evidence.violation_of(checkers::Property::mutual_exclusion) == nullptr) return {};
  return {
      "After a failed upload the workspace stays locked on purpose: push errored.tfstate before you "
      "force-unlock it."};
}

Remedies remedies_of(const RemoteConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.fence =
      "A token for each job: the server accepts state only from the user that has locked the workspace, and "
      "only "
      "if its serial is greater. It cannot stop the changes to infrastructure of a job that has lost its "
      "lock.";
  remedies.exclusion =
      "A token for each job, so that the server refuses an unlock by another one, and a force-unlock that "
      "names "
      "the lock it means; this one names only the workspace.";
  return remedies;
}

}  // namespace lockstorm::reports
