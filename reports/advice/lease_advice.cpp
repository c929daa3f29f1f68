// What reports say to do about the lease backend, after a counterexample.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/lease.hpp"

namespace lockstorm::reports {

using scenarios::LeaseConfig;

namespace {

std::string of_tokens() {
  return "The lock's token in every release and renewal (`release_compares: token`, `renew_compares: "
         "token`), "
         "so that none of them can hit somebody else's lock.";
}

// Two believe that they hold the lock, because of how it is taken.
std::string exclusion_when_taken(const models::LeaseOptions& client) {
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
  return {};
}

// Because of how it is kept.
std::string exclusion_while_held(const LeaseConfig& config) {
  using NewLeader = LeaseConfig::NewLeader;
  const models::LeaseOptions& client = config.client;
  if (!client.renews) return "A holder that renews its lease as long as it works (`renews: true`).";
  if (config.ignores_renewals) return "A store that has renewed a lease when it says so.";
  if (client.stops_at_first_error)
    return "A renewer that goes on after an error (`stops_at_first_error: false`).";
  if (!client.watches_clock)
    return "A holder that takes its lock for lost before an unconfirmed lease can be over (`watches_clock: "
           "true`).";
  if (!client.looks_after_conflict)
    return "A client that looks whether what stands in its way is its own (`looks_after_conflict: true`).";
  if (config.leader_changes > 0 && config.new_leader != NewLeader::keeps_leases)
    return "A store whose leases outlive a change of its leader (`new_leader: keeps-leases`).";
  return {};
}

std::string exclusion_of(const LeaseConfig& config) {
  using Compare = models::LeaseOptions::Compare;
  if (std::string taken = exclusion_when_taken(config.client); !taken.empty()) return taken;
  if (config.client.release_compares == Compare::nothing || config.client.renew_compares == Compare::nothing)
    return of_tokens();
  if (std::string held = exclusion_while_held(config); !held.empty()) return held;
  if (config.client.when_lost == models::LeaseOptions::WhenLost::fails_writes)
    return "A job that ends when it loses its lock (`when_lost: stops`), at the price of what it has created "
           "and not recorded.";
  return "Nothing in a lease: what a job has sent before it lost its lock may still arrive.";
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
  remedies.exclusion = exclusion_of(config);
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
