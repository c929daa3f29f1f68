// What reports say to do about the oss backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/oss.hpp"

namespace lockstorm::reports {

using scenarios::OssConfig;

std::vector<std::string> locking_advice(const OssConfig& config, const AuditEvidence& /*evidence*/) {
  if (config.tablestore_table) return {};
  return {
      "No locking is configured: add `tablestore_endpoint` and `tablestore_table` to the backend block, a "
      "table with the primary key LockID of type String."};
}

std::vector<std::string> damage_advice(const OssConfig& config, const AuditEvidence& evidence) {
  const scenarios::VerifyResult* broken = evidence.violation_of(checkers::Property::state_integrity);
  if (broken == nullptr || !config.tablestore_table || broken->scenario.faults.total() == 0) return {};
  return {
      "A job that dies between writing the state and its digest leaves a state that nobody can read (\"state "
      "data in OSS does not have the expected content\"): keep bucket versioning on, check the object, then "
      "put the digest that the message shows into the table's `<bucket>/<key>-md5` row."};
}

Remedies remedies_of(const OssConfig& config, models::Dialect /*tool*/) {
  Remedies remedies;
  if (!config.tablestore_table)
    remedies.no_lock = "A lock: this backend block configures none. Set `tablestore_table`.";
  if (config.tablestore_table)
    remedies.split_state =
        "State and digest written in one step: they are two requests, and whoever stops or comes between "
        "them leaves a state that nobody can read until the digest is repaired by hand.";
  remedies.fence =
      "A fenced write. PutObject of OSS knows no If-Match, only x-oss-forbid-overwrite in buckets without "
      "versions; a row of the table "
      "can be replaced under a column condition, so it could name the state's object, each version under a "
      "name of its own.";
  if (config.tablestore_table)
    remedies.release = "For the lock row that is a DeleteRow with a column condition on Info.";
  return remedies;
}

}  // namespace lockstorm::reports
