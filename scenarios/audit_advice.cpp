// What to change after an audit.
#include <algorithm>
#include <charconv>

#include "scenarios/audit.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

// The result in which the property is first violated, or null.
const VerifyResult* violation_of(Property property, std::span<const AuditFinding> findings,
                                 std::span<const VerifyResult> results) {
  for (const AuditFinding& finding : findings) {
    if (finding.property == property && finding.verdict == Verdict::violated)
      return &results[finding.configuration];
  }
  return nullptr;
}

// Whether a constraint such as ">= 1.5.0" lets in versions before 1.10, which know no use_lockfile.
bool allows_before_1_10(std::string_view constraint) {
  const std::size_t at = constraint.find(">=");
  if (at == std::string_view::npos) return false;
  constraint.remove_prefix(at + 2);
  while (constraint.starts_with(' ')) constraint.remove_prefix(1);
  int major = 0;
  int minor = 0;
  const char* end = constraint.data() + constraint.size();
  const auto [dot, error] = std::from_chars(constraint.data(), end, major);
  if (error != std::errc{}) return false;
  if (dot != end && *dot == '.') std::from_chars(dot + 1, end, minor);
  return major < 1 || (major == 1 && minor < 10);
}

void about_locking(const AuditPlan& plan, const TerraformConfiguration& configuration,
                   std::vector<std::string>& advice) {
  const BackendSettings& backend = plan.backend;
  if (backend.kind == BackendKind::local) {
    advice.emplace_back(
        "Jobs on different machines do not share a local state at all: use a remote backend for CI.");
    return;
  }
  if (!backend.use_lockfile && !backend.dynamodb_table) {
    advice.emplace_back(
        "No locking is configured: add `use_lockfile = true` to the backend block (version 1.10 or later of "
        "either tool).");
  } else if (!backend.use_lockfile && plan.tool == models::Dialect::terraform) {
    advice.emplace_back(
        "`dynamodb_table` is deprecated since Terraform 1.11: move to `use_lockfile = true`. Set both while "
        "jobs with the old "
        "block may still run: a job with only one of them does not exclude a job with only the other.");
  }
  for (const auto& [constraint, where] : configuration.required_versions) {
    if (!backend.use_lockfile || !allows_before_1_10(constraint)) continue;
    advice.push_back(where.file + ":" + std::to_string(where.line) + ": `required_version = \"" + constraint +
                     "\"` lets in versions that do not know `use_lockfile`: demand >= 1.10.");
  }
}

void about_people(std::span<const AuditFinding> findings, std::span<const VerifyResult> results,
                  std::vector<std::string>& advice) {
  const auto by_people = [&](const AuditFinding& finding) {
    return finding.verdict == Verdict::violated &&
           results[finding.configuration].scenario.force_unlock.force_unlock > 0;
  };
  if (std::ranges::any_of(findings, by_people)) {
    advice.emplace_back(
        "Before force-unlock make sure that the job is gone: cancel it and wait until its runner has ended. "
        "A job that is "
        "only silent comes back and goes on as if it still held the lock, and what a dead job has sent may "
        "still arrive: "
        "wait a few minutes.");
  }
}

void about_findings(const AuditPlan& plan, std::span<const AuditFinding> findings,
                    std::span<const VerifyResult> results, std::vector<std::string>& advice) {
  const bool has_lock = plan.backend.use_lockfile || plan.backend.dynamodb_table;
  const VerifyResult* broken = violation_of(Property::state_integrity, findings, results);
  if (broken != nullptr && plan.backend.dynamodb_table && broken->scenario.faults.total() > 0) {
    advice.emplace_back(
        "A job that dies between writing the state and its digest leaves a state that nobody can read "
        "(\"state data in S3 does "
        "not have the expected content\"): keep bucket versioning on, check the object, then put the digest "
        "that the message "
        "shows into the table's `<bucket>/<key>-md5` item. A backend with `use_lockfile` alone keeps no "
        "digest.");
  }
  if (broken != nullptr && plan.backend.kind == BackendKind::local) {
    advice.emplace_back(
        "A killed job can leave a part of the state file: keep terraform.tfstate.backup, and look at the "
        "file before the next apply.");
  }
  if (has_lock && violation_of(Property::own_lock_only, findings, results) != nullptr) {
    advice.emplace_back(
        "Let CI run one job at a time for each state (a concurrency group): the lock alone can be removed by "
        "a job that does not "
        "own it.");
  }
  if (has_lock && violation_of(Property::progress, findings, results) != nullptr) {
    advice.emplace_back(
        "Let CI repeat a job that fails on the lock. If the ID in the message is the job's own, force-unlock "
        "that ID: it met its "
        "own lock after a lost reply.");
  }
  if (violation_of(Property::no_drift, findings, results) != nullptr) {
    advice.emplace_back(
        "After a killed job look for resources that the state does not know (by tags, or `plan` errors such "
        "as \"already "
        "exists\") and import them; give CI jobs time to stop before they are killed.");
  }
}

}  // namespace

std::vector<std::string> audit_advice(const AuditPlan& plan, const TerraformConfiguration& configuration,
                                      std::span<const AuditFinding> findings,
                                      std::span<const VerifyResult> results) {
  std::vector<std::string> advice;
  about_locking(plan, configuration, advice);
  about_people(findings, results, advice);
  about_findings(plan, findings, results, advice);
  const bool has_lock = plan.backend.use_lockfile || plan.backend.dynamodb_table;
  if (has_lock && plan.options.jobs > 1 && plan.options.lock_timeout.count() == 0) {
    advice.emplace_back(
        "With the default -lock-timeout=0s a job that meets a lock fails at once; -lock-timeout=10m makes it "
        "wait "
        "(audit with --lock-timeout 10m to see what that changes).");
  }
  return advice;
}

}  // namespace lockstorm::scenarios
