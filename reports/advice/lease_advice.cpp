// What reports say to do about the lease backend, after a counterexample.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/lease.hpp"

namespace lockstorm::reports {

using scenarios::LeaseConfig;

Remedies remedies_of(const LeaseConfig& config, models::Dialect /*tool*/) {
  using Compare = models::LeaseOptions::Compare;
  Remedies remedies;
  if (config.client.write_compares == Compare::newest) {
    remedies.fence =
        "A token that is shown to the state by reads, too (`reads_register: true`): a state that learns of "
        "new "
        "tokens only from writes takes an old holder's write after the new holder has read.";
  } else {
    remedies.fence =
        "A fence: the state is written only with the token of the lock that is held at that moment "
        "(`write_compares: token`).";
  }
  remedies.exclusion =
      "The lock's token in every release and renewal (`release_compares: token`, `renew_compares: token`), "
      "so "
      "that none of them can hit somebody else's lock.";
  remedies.session =
      "A holder that renews its lease, goes on renewing after an error, and takes its lock for lost before "
      "an "
      "unconfirmed lease can be over (`renews`, `watches_clock`).";
  remedies.silence =
      "Nothing in a lease: it is over when its holder has been silent for its time, and a job that stood "
      "still "
      "does not know. A fence keeps it from writing its state; end such a job instead of resuming it.";
  return remedies;
}

}  // namespace lockstorm::reports
