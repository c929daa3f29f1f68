// What reports say to do about the pg backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/pg.hpp"

namespace lockstorm::reports {

using scenarios::PgConfig;

Remedies remedies_of(const PgConfig& config, models::Dialect /*tool*/) {
  Remedies remedies;
  if (config.pooled_sessions > 0) {
    remedies.broken_store =
        "A connection of its own for every job: behind a pooler in transaction mode two jobs may share the "
        "session that holds the lock, and both have it. Connect to the server itself, or through a pooler in "
        "session mode.";
  }
  remedies.fence =
      "A fenced write: the row is replaced only if it still is the one that was read under the lock. The "
      "backend "
      "does not ask today; `fenced_put: true` in a scenario shows what it would change.";
  remedies.session =
      "A client that stops when its connection is gone, instead of going on over a new one: the advisory "
      "lock has "
      "gone with the session. Until then a server that ends no session in the middle (failover, restart, "
      "idle time-outs), or a fenced write, which refuses the state.";
  remedies.exclusion =
      "A lock that does not go with the connection, or a client that stops when its connection is lost "
      "instead of sending the statement again on another. Without a row jobs take the creation lock of their "
      "tool, afterwards the row's, and none of them keeps the others out: let the first apply run alone.";
  return remedies;
}

std::vector<std::string> locking_advice(const PgConfig& /*config*/, const AuditEvidence& /*evidence*/) {
  return {
      "`force-unlock` does nothing here and reports success; the lock goes with the connection of its "
      "holder. "
      "Before `pg_terminate_backend` make sure that the job is stopped: it would go on over a new "
      "connection, "
      "without the lock.",
      "Keep connections alive: a proxy, NAT or server that cuts an idle one takes the lock away, and nobody "
      "is "
      "told."};
}

}  // namespace lockstorm::reports
