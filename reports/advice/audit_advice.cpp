#include "reports/advice/audit_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/advice/backend_advice.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/version_constraint.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Adversity;
using scenarios::AuditFinding;
using scenarios::Verdict;
using scenarios::VerifyResult;

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
  return evidence.plan.backend->traits().has_lock && !evidence.plan.backend->type().one_machine;
}

bool expects(const AuditEvidence& evidence, Adversity adversity) {
  return (evidence.plan.options.faults & scenarios::adversity_bit(adversity)) != 0;
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
    advice.push_back(fmt::format(
        "Let CI repeat a job that fails on the lock.{}",
        expects(evidence, Adversity::network) && evidence.plan.backend->traits().refusal_names_holder
            ? " If the ID in the message is the job's own, force-unlock that ID: it "
              "met its own lock after a lost reply."
            : ""));
  }
  if (const VerifyResult* drift = evidence.violation_of(Property::no_drift); drift != nullptr) {
    constexpr std::string_view kLook =
        "ook for resources that the state does not know (by tags, or `plan` errors such as \"already "
        "exists\") "
        "and import them";
    const bool is_killed = drift->scenario.faults[sim::Fault::crash] > 0;
    advice.push_back(is_killed
                         ? fmt::format("After a killed job l{}; give CI jobs time to stop before they are "
                                       "killed.",
                                       kLook)
                         : fmt::format("L{}.", kLook));
  }
}

void about_versions(const AuditEvidence& evidence, std::vector<std::string>& advice) {
  for (const auto& [constraint, where] : evidence.configuration.required_versions) {
    if (scenarios::is_version_constraint(constraint)) continue;
    advice.push_back(
        fmt::format("{}:{}: `required_version = \"{}\"` is no constraint on versions, or names a "
                    "pre-release: the tool refuses it.",
                    scenarios::printable(where.file), where.line, scenarios::printable(constraint)));
  }
}

}  // namespace

const scenarios::VerifyResult* AuditEvidence::violation_of(Property property) const {
  for (const AuditFinding& finding : findings) {
    if (finding.property == property && finding.verdict == Verdict::violated)
      return &results[finding.configuration];
  }
  return nullptr;
}

const scenarios::Counterexample* AuditEvidence::shown(Property property) const {
  const VerifyResult* result = violation_of(property);
  return result == nullptr ? nullptr : result->counterexample_of(property);
}

std::vector<std::string> audit_advice(const AuditEvidence& evidence) {
  const scenarios::AuditPlan& plan = evidence.plan;
  std::vector<std::string> advice;
  about_versions(evidence, advice);
  std::ranges::move(advice_on_locking(evidence), std::back_inserter(advice));
  about_people(evidence, advice);
  std::ranges::move(advice_on_damage(evidence), std::back_inserter(advice));
  about_findings(evidence, advice);
  if (has_shared_lock(evidence) && plan.options.jobs > 1 && plan.options.lock_timeout.count() == 0) {
    advice.emplace_back(
        "With the default -lock-timeout=0s a job that meets a lock fails at once; -lock-timeout=10m makes it "
        "wait "
        "(audit with --lock-timeout 10m to see what that changes).");
  }
  return advice;
}

}  // namespace lockstorm::reports
