// What reports say to do about the lock_table backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/lock_table.hpp"

namespace lockstorm::reports {

using scenarios::LockTableConfig;

Remedies remedies_of(const LockTableConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.exclusion =
      "The owner and an epoch in every condition, of take-overs and releases alike (protocol "
      "`corrected`).";
  return remedies;
}

}  // namespace lockstorm::reports
