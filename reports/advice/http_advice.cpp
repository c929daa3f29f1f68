// What reports say to do about the http backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/http.hpp"

namespace lockstorm::reports {

using scenarios::HttpConfig;

Remedies remedies_of(const HttpConfig& config, models::Dialect tool) {
  Remedies remedies;
  if (!config.lock_address) {
    remedies.no_lock =
        "A lock: this backend block configures none. Set `lock_address` and `unlock_address` to a server "
        "that knows the protocol; GitLab's does.";
  }
  if (config.policy.lock == models::HttpServerPolicy::Lock::overwrites) {
    remedies.broken_store =
        "A server that refuses a second lock with 409 or 423: a plain PUT replaces the lock of another job, "
        "and the client takes that for its own.";
  } else if (config.policy.expiry != models::HttpServerPolicy::Expiry::never) {
    remedies.broken_store =
        "A lock that lives as long as its job: the protocol has no renewal, so a lock that expires is taken "
        "from a job that goes on.";
    remedies.silence = remedies.broken_store;
  }
  remedies.fence =
      "A server that compares the `?ID=` of every write with the lock it holds, and refuses writes while "
      "nothing is locked, as GitLab does.";
  if (config.policy.write == models::HttpServerPolicy::Write::holder) {
    remedies.fence =
        "A lock ID that is granted once: here a lock request that arrives late, after its lock has been "
        "removed, revives the ID, and a late state that names it is taken. A server that remembers the IDs "
        "it has granted, or compares the version that a write replaces, refuses both.";
  }
  remedies.exclusion =
      "A server that unlocks only for the ID of its lock, so that a repeated or late request cannot free "
      "somebody else.";
  if (tool == models::Dialect::terraform) {
    remedies.release =
        "Terraform's `force-unlock` sends no ID at all, so the server removes whichever lock is there; "
        "OpenTofu's sends the one it was given.";
  }
  return remedies;
}

std::vector<std::string> locking_advice(const HttpConfig& config, const AuditEvidence& /*evidence*/) {
  if (!config.lock_address) {
    return {
        "No locking is configured: add `lock_address` and `unlock_address` to the backend block, with a "
        "server that knows the protocol."};
  }
  if (!config.unlock_address) {
    return {
        "`unlock_address` is missing: every lock stays for ever, `force-unlock` does nothing and reports "
        "success."};
  }
  return {};
}

}  // namespace lockstorm::reports
