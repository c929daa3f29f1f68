// What reports say to do about the consul backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/consul.hpp"

namespace lockstorm::reports {

using scenarios::ConsulConfig;

std::vector<std::string> locking_advice(const ConsulConfig& config, const AuditEvidence& /*evidence*/) {
  if (config.lock) return {};
  return {
      "`lock = false` turns locking off: remove it. Sessions need an agent whose node is healthy and a token "
      "with session:write and key:write."};
}

std::vector<std::string> damage_advice(const ConsulConfig& config, const AuditEvidence& evidence) {
  std::vector<std::string> advice;
  if (config.lock && evidence.violation_of(checkers::Property::mutual_exclusion) != nullptr) {
    advice.emplace_back(
        "A Consul lock ends with its session, 30 s after a job stops renewing it (frozen runner, health "
        "check "
        "of the node): the job goes on without it. Writes compare the state's version, so that nothing is "
        "overwritten, but whoever writes second ends with errored.tfstate: push it by hand. Do not freeze or "
        "migrate runners while they apply.");
  }
  if (config.lock && evidence.violation_of(checkers::Property::no_lost_update) != nullptr) {
    advice.emplace_back(
        "The first write of a state compares nothing and may overwrite another job's: let one job alone make "
        "the first apply.");
  }
  if (evidence.violation_of(checkers::Property::own_lock_only) != nullptr) {
    advice.emplace_back(
        "force-unlock deletes the lock key whoever holds it: run it only while no other job is running, and "
        "prefer to wait 35 s for the session of a dead job to expire.");
  }
  return advice;
}

Remedies remedies_of(const ConsulConfig& config, models::Dialect /*tool*/) {
  Remedies remedies;
  if (!config.lock) remedies.no_lock = "`lock = true`, the default.";
  if (config.stale_reads > 0) {
    remedies.broken_store =
        "Reads with `?consistent`, which make the leader ask the others whether it still leads; the backend "
        "reads in the default mode.";
  }
  remedies.fence =
      "A first write with check-and-set index 0 (\"only if absent\"), which `fenced_create: true` in a "
      "scenario "
      "shows: later writes compare the version already. What a fence cannot do is to stop the changes to "
      "infrastructure of a job that has lost its session.";
  if (config.blind_writes) remedies.fence = "Terraform 0.9.7 or later, whose writes compare the version.";
  remedies.session =
      "Nothing in the lock: a session is invalidated as soon as a health check of its agent fails, whether "
      "or not "
      "its holder goes on, and the lock is free after the lock-delay. The check-and-set of its write refuses "
      "the state of a holder that has lost its session only where somebody has written meanwhile; talk to "
      "servers whose agents are stable.";
  remedies.exclusion =
      "A release and a force-unlock that delete `.lock` and `.lockinfo` with check-and-set, and only while "
      "the session they mean holds the lock.";
  remedies.silence =
      "Nothing in the lock: the session of a job that is frozen expires, and the job goes on without it when "
      "it wakes up. End such a job instead of resuming it.";
  return remedies;
}

}  // namespace lockstorm::reports
