// What reports say to do about the azurerm backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/azurerm.hpp"

namespace lockstorm::reports {

using scenarios::AzurermConfig;

std::vector<std::string> damage_advice(const AzurermConfig& /*config*/, const AuditEvidence& evidence) {
  if (evidence.violation_of(checkers::Property::stale_lock_recovery) == nullptr) return {};
  return {
      "A job that stops between acquiring the lease and writing its metadata leaves a lease without an ID "
      "(\"blob metadata terraformlockid was empty\"): force-unlock cannot remove it. When no job is left, "
      "break the lease (`az storage blob lease break`); -lock-timeout does not wait for such a lease "
      "either."};
}

Remedies remedies_of(const AzurermConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  // Whatever else is written carries the lease ID, which is a fence already.
  remedies.fence =
      "A blob that is created with If-None-Match: *, so that a slow first use cannot empty what another job "
      "has stored meanwhile. All later writes carry the lease ID, which is a fence already.";
  remedies.exclusion = remedies.fence;
  return remedies;
}

}  // namespace lockstorm::reports
