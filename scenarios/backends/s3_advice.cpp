// What reports say to do about an s3 backend: after an audit, and after a counterexample.
#include <fmt/format.h>

#include "scenarios/audit.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/version_constraint.hpp"

namespace lockstorm::scenarios {
namespace {

// A version has to meet them all.
std::string all_constraints(const AuditEvidence& evidence) {
  std::string all;
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (is_version_constraint(constraint)) all += (all.empty() ? "" : ",") + constraint;
  }
  return all;
}

// Advice to go to a setting is no use to those who may not run the versions that have it.
std::string versions_in_the_way(const AuditEvidence& evidence, int major, int minor) {
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (!is_version_constraint(constraint) || allows_from(constraint, major, minor)) continue;
    return fmt::format(
        " First of all raise `required_version = \"{}\"` ({}:{}): no version that it lets in "
        "knows `use_lockfile`.",
        constraint, where.file, where.line);
  }
  return {};
}

}  // namespace

std::vector<std::string> S3Config::locking_advice(const AuditEvidence& evidence) const {
  constexpr int kMajor = 1;
  constexpr int kMinor = 10;  // of either tool knows use_lockfile
  std::vector<std::string> advice;
  const std::string too_old = versions_in_the_way(evidence, kMajor, kMinor);
  if (!has_lock()) {
    advice.emplace_back(
        "No locking is configured: add `use_lockfile = true` to the backend block (version 1.10 or later of "
        "either tool)." +
        too_old);
  } else if (!use_lockfile && evidence.plan.tool == models::Dialect::terraform) {
    advice.emplace_back(
        "`dynamodb_table` is deprecated since Terraform 1.11: move to `use_lockfile = true`. Set both while "
        "jobs with the old "
        "block may still run: a job with only one of them does not exclude a job with only the other." +
        too_old);
  }
  if (use_lockfile && has_customer_key() && evidence.plan.tool == models::Dialect::terraform) {
    advice.emplace_back(
        "With `sse_customer_key` Terraform cannot read who holds the lock file: no message shows the id that "
        "`force-unlock` asks for, and -lock-timeout does not wait. Encrypt with `kms_key_id` instead, or "
        "read "
        "the id out of `<key>.tflock` with the key in hand.");
  }
  if (!use_lockfile || !allows_before(all_constraints(evidence), kMajor, kMinor)) return advice;
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (!allows_before(constraint, kMajor, kMinor)) continue;
    advice.push_back(fmt::format(
        "{}:{}: `required_version = \"{}\"` lets in {} that do not know `use_lockfile`: demand >= "
        "1.10.",
        where.file, where.line, constraint,
        allows_from(constraint, kMajor, kMinor) ? "versions" : "only versions"));
  }
  return advice;
}

std::vector<std::string> S3Config::damage_advice(const AuditEvidence& evidence) const {
  const Counterexample* broken = evidence.shown(checkers::Property::state_integrity);
  // A state that was written over an other one is another damage.
  if (broken == nullptr || !dynamodb_table || broken->steps.empty() || broken->steps.back().writes_state)
    return {};
  const bool dies =
      evidence.violation_of(checkers::Property::state_integrity)->scenario.faults[sim::Fault::crash] > 0;
  return {fmt::format(
      "A job that {} leaves a state that nobody can read (\"state data in S3 does not have the expected "
      "content\"): keep bucket versioning on, check the object, then put the digest that the message shows "
      "into the table's `<bucket>/<key>-md5` item. A backend with `use_lockfile` alone keeps no digest.",
      dies ? "dies between writing the state and its digest" : "saves the state and not its digest")};
}

Remedies S3Config::remedies(models::Dialect tool) const {
  Remedies remedies;
  if (!has_lock()) {
    remedies.no_lock =
        "A lock: this backend block configures none. Set `use_lockfile = true` (Terraform and OpenTofu 1.10 "
        "or later).";
  }
  const bool two_create =
      !store.honours_if_none_match || (store.versioning == "enabled" && !store.versioned_conditional_puts);
  if (use_lockfile && two_create) {
    remedies.broken_store =
        "A store that honours If-None-Match on PutObject: this one lets a lock file be written over "
        "another's.";
  }
  if (dynamodb_table) {
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
  if (use_lockfile) {
    remedies.release = "For the lock file that is DeleteObject with If-Match; neither tool sends it.";
  } else if (dynamodb_table && tool == models::Dialect::terraform) {
    remedies.release = "OpenTofu's DeleteItem carries such a condition, Terraform's does not.";
  }
  return remedies;
}

}  // namespace lockstorm::scenarios
