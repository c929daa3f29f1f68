// What reports say to do about the gcs backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/gcs.hpp"

namespace lockstorm::reports {

using scenarios::GcsConfig;

Remedies remedies_of(const GcsConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.fence =
      "A fenced write: the state stored with ifGenerationMatch of the generation that was read under the "
      "lock (0 for the first write). The backend does not send one today; `fenced_put: true` in a scenario "
      "shows what it would change.";
  remedies.exclusion =
      "A release that names the lock's generation, as this backend does: a repeated or late delete frees "
      "nobody else.";
  return remedies;
}

}  // namespace lockstorm::reports
