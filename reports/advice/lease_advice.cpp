// What reports say to do about the lease backend, after a counterexample.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/lease.hpp"

namespace lockstorm::reports {

using scenarios::LeaseConfig;

namespace {

std::string exclusion_of(const models::LeaseOptions& client) {
  using Acquire = models::LeaseOptions::Acquire;
  if (client.acquire == Acquire::write_sleep_read)
    return "One request that takes the lock if there is none (`acquire: at-once`): no wait is long enough "
           "for "
           "a write that is late.";
  if (client.breaks_nameless)
    return "A lock that is written together with whose it is (`acquire: at-once`), and one without metadata "
           "left to its lease (`breaks_nameless: false`).";
  if (client.acquire == Acquire::queue && !client.checks_itself)
    return "A waiter that sees to it that its own entry is still there before it takes the lock for its own "
           "(`checks_itself: true`).";
  return "The lock's token in every release and renewal (`release_compares: token`, `renew_compares: "
         "token`), "
         "so that none of them can hit somebody else's lock.";
}

}  // namespace

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
  remedies.exclusion = exclusion_of(config.client);
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
