// What reports say to do about the inmem backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/inmem.hpp"

namespace lockstorm::reports {

using scenarios::InmemConfig;

Remedies remedies_of(const InmemConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.no_lock = "Any other backend: this one keeps lock and state in the memory of one process.";
  remedies.exclusion = remedies.no_lock;
  remedies.fence = remedies.no_lock;
  return remedies;
}

std::vector<std::string> locking_advice(const InmemConfig& /*config*/, const AuditEvidence& /*evidence*/) {
  return {
      "The inmem backend is for tests of the tools themselves: two jobs share neither lock nor state, and "
      "what a job knows is gone when it ends. Use any other backend."};
}

}  // namespace lockstorm::reports
