// What to change after an audit.
#include <algorithm>
#include <charconv>
#include <iterator>

#include "scenarios/audit.hpp"
#include "scenarios/backends/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

void about_people(const AuditEvidence& evidence, std::vector<std::string>& advice) {
  const auto by_people = [&](const AuditFinding& finding) {
    return finding.verdict == Verdict::violated &&
           evidence.results[finding.configuration].scenario.force_unlock.force_unlock > 0;
  };
  if (std::ranges::any_of(evidence.findings, by_people)) {
    advice.emplace_back(
        "Before force-unlock make sure that the job is gone: cancel it and wait until its runner has ended. "
        "A job that is "
        "only silent comes back and goes on as if it still held the lock, and what a dead job has sent may "
        "still arrive: "
        "wait a few minutes.");
  }
}

// What concerns any lock that jobs on different machines share.
bool has_shared_lock(const AuditEvidence& evidence) {
  return evidence.plan.backend->has_lock() && !evidence.plan.backend->type().one_machine;
}

void about_findings(const AuditEvidence& evidence, std::vector<std::string>& advice) {
  const bool has_lock = has_shared_lock(evidence);
  if (has_lock && evidence.violation_of(Property::own_lock_only) != nullptr) {
    advice.emplace_back(
        "Let CI run one job at a time for each state (a concurrency group): the lock alone can be removed by "
        "a job that does not "
        "own it.");
  }
  if (has_lock && evidence.violation_of(Property::progress) != nullptr) {
    advice.emplace_back(
        "Let CI repeat a job that fails on the lock. If the ID in the message is the job's own, force-unlock "
        "that ID: it met its "
        "own lock after a lost reply.");
  }
  if (evidence.violation_of(Property::no_drift) != nullptr) {
    advice.emplace_back(
        "After a killed job look for resources that the state does not know (by tags, or `plan` errors such "
        "as \"already "
        "exists\") and import them; give CI jobs time to stop before they are killed.");
  }
}

}  // namespace

const VerifyResult* AuditEvidence::violation_of(Property property) const {
  for (const AuditFinding& finding : findings) {
    if (finding.property == property && finding.verdict == Verdict::violated)
      return &results[finding.configuration];
  }
  return nullptr;
}

bool allows_before(std::string_view constraint, int major, int minor) {
  const std::size_t at = constraint.find(">=");
  if (at == std::string_view::npos) return false;
  constraint.remove_prefix(at + 2);
  while (constraint.starts_with(' ')) constraint.remove_prefix(1);
  int least_major = 0;
  int least_minor = 0;
  const char* end = constraint.data() + constraint.size();
  const auto [dot, error] = std::from_chars(constraint.data(), end, least_major);
  if (error != std::errc{}) return false;
  if (dot != end && *dot == '.') std::from_chars(dot + 1, end, least_minor);
  return least_major < major || (least_major == major && least_minor < minor);
}

std::vector<std::string> audit_advice(const AuditEvidence& evidence) {
  const AuditPlan& plan = evidence.plan;
  std::vector<std::string> advice = plan.backend->locking_advice(evidence);
  about_people(evidence, advice);
  std::ranges::move(plan.backend->damage_advice(evidence), std::back_inserter(advice));
  about_findings(evidence, advice);
  if (has_shared_lock(evidence) && plan.options.jobs > 1 && plan.options.lock_timeout.count() == 0) {
    advice.emplace_back(
        "With the default -lock-timeout=0s a job that meets a lock fails at once; -lock-timeout=10m makes it "
        "wait "
        "(audit with --lock-timeout 10m to see what that changes).");
  }
  return advice;
}

}  // namespace lockstorm::scenarios
