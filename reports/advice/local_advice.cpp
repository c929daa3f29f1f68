// What reports say to do about the local backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/local.hpp"

namespace lockstorm::reports {

using scenarios::LocalConfig;

Remedies remedies_of(const LocalConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.exclusion =
      "A state file that is there before jobs run: whoever created it and found it empty removes it again, "
      "also while another job has locked it, and the next one locks a new file.";
  return remedies;
}

std::vector<std::string> locking_advice(const LocalConfig& /*config*/, const AuditEvidence& /*evidence*/) {
  return {"Jobs on different machines do not share a local state at all: use a remote backend for CI."};
}

std::vector<std::string> damage_advice(const LocalConfig& /*config*/, const AuditEvidence& evidence) {
  if (evidence.violation_of(checkers::Property::state_integrity) == nullptr) return {};
  return {
      "A killed job can leave a part of the state file: keep terraform.tfstate.backup, and look at the "
      "file before the next apply."};
}

}  // namespace lockstorm::reports
