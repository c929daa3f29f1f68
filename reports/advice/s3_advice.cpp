// What reports say to do about the s3 backend: after a counterexample, and after an audit.
#include <fmt/format.h>

#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/version_constraint.hpp"

namespace lockstorm::reports {

using scenarios::S3Config;

namespace {

// A version has to meet them all.
std::string all_constraints(const AuditEvidence& evidence) {
  std::string all;
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (scenarios::is_version_constraint(constraint)) all += (all.empty() ? "" : ",") + constraint;
  }
  return all;
}

// Advice to go to a setting is no use to those who may not run the versions that have it.
std::string versions_in_the_way(const AuditEvidence& evidence, int major, int minor) {
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (!scenarios::is_version_constraint(constraint) || scenarios::allows_from(constraint, major, minor))
      continue;
    return fmt::format(
        " First of all raise `required_version = \"{}\"` ({}:{}): no version that it lets in "
        "knows `use_lockfile`.",
        constraint, where.file, where.line);
  }
  return {};
}

}  // namespace

std::vector<std::string> locking_advice(const S3Config& config, const AuditEvidence& evidence) {
  constexpr int kMajor = 1;
  constexpr int kMinor = 10;  // of either tool knows use_lockfile
  std::vector<std::string> advice;
  const std::string too_old = versions_in_the_way(evidence, kMajor, kMinor);
  if (!config.traits().has_lock) {
    advice.emplace_back(
        "No locking is configured: add `use_lockfile = true` to the backend block (version 1.10 or later of "
        "either tool)." +
        too_old);
  } else if (!config.use_lockfile && evidence.plan.tool == models::Dialect::terraform) {
    advice.emplace_back(
        "`dynamodb_table` is deprecated since Terraform 1.11: move to `use_lockfile = true`. Set both while "
        "jobs with the old "
        "block may still run: a job with only one of them does not exclude a job with only the other." +
        too_old);
  }
  if (config.use_lockfile && config.has_customer_key() && evidence.plan.tool == models::Dialect::terraform) {
    advice.emplace_back(
        "With `sse_customer_key` Terraform cannot read who holds the lock file: no message shows the id that "
        "`force-unlock` asks for, and -lock-timeout does not wait. Encrypt with `kms_key_id` instead, or "
        "read "
        "the id out of `<key>.tflock` with the key in hand.");
  }
  if (!config.use_lockfile || !scenarios::allows_before(all_constraints(evidence), kMajor, kMinor))
    return advice;
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (!scenarios::allows_before(constraint, kMajor, kMinor)) continue;
    advice.push_back(
        fmt::format("{}:{}: `required_version = \"{}\"` lets in versions that do not know `use_lockfile`: "
                    "demand >= 1.10.",
                    where.file, where.line, constraint));
  }
  return advice;
}

std::vector<std::string> damage_advice(const S3Config& config, const AuditEvidence& evidence) {
  const scenarios::Counterexample* broken = evidence.shown(checkers::Property::state_integrity);
  // A state that was written over an other one is another damage.
  if (broken == nullptr || !config.dynamodb_table || broken->steps.empty() ||
      broken->steps.back().writes_state)
    return {};
  const bool dies =
      evidence.violation_of(checkers::Property::state_integrity)->scenario.faults[sim::Fault::crash] > 0;
  return {fmt::format(
      "A job that {} leaves a state that nobody can read (\"state data in S3 does not have the expected "
      "content\"): keep bucket versioning on, check the object, then put the digest that the message shows "
      "into the table's `<bucket>/<key>-md5` item. A backend with `use_lockfile` alone keeps no digest.",
      dies ? "dies between writing the state and its digest" : "saves the state and not its digest")};
}

Remedies remedies_of(const S3Config& config, models::Dialect tool) {
  Remedies remedies;
  if (!config.traits().has_lock) {
    remedies.no_lock =
        "A lock: this backend block configures none. Set `use_lockfile = true` (Terraform and OpenTofu 1.10 "
        "or later).";
  }
  const bool two_create = !config.store.honours_if_none_match ||
                          (config.store.versioning == "enabled" && !config.store.versioned_conditional_puts);
  if (config.use_lockfile && two_create) {
    remedies.broken_store =
        "A store that honours If-None-Match on PutObject: this one lets a lock file be written over "
        "another's.";
  }
  if (config.dynamodb_table) {
    remedies.split_state =
        "State and digest written in one step: they are two requests, and whoever stops or comes between "
        "them leaves a "
        "state that nobody can read until the digest is repaired by hand. `use_lockfile` without "
        "`dynamodb_table` keeps "
        "no digest.";
  }
  remedies.fence =
      "A fenced write: PutObject of the state with If-Match on the version read under the lock "
      "(If-None-Match: * for the "
      "first write). The backend does not send one today; `fenced_put: true` in a scenario shows what it "
      "would change.";
  if (config.use_lockfile) {
    remedies.release = "For the lock file that is DeleteObject with If-Match; neither tool sends it.";
  } else if (config.dynamodb_table && tool == models::Dialect::terraform) {
    remedies.release = "OpenTofu's DeleteItem carries such a condition, Terraform's does not.";
  }
  return remedies;
}

}  // namespace lockstorm::reports
