// What reports say to do about the oci backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/oci.hpp"

namespace lockstorm::reports {

using scenarios::OciConfig;

Remedies remedies_of(const OciConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.fence =
      "A fenced write: PutObject of the state with If-Match on the version read under the lock "
      "(If-None-Match: * for the first write). The backend does not send one today; `fenced_put: true` in a "
      "scenario shows what it would change.";
  remedies.exclusion =
      "A release that names the lock that was read, as this backend's unlock does with If-Match. Deleting a "
      "workspace does not: it takes away whatever is stored under the state's name, a lock included.";
  return remedies;
}

}  // namespace lockstorm::reports
