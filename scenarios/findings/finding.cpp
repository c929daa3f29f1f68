#include "scenarios/findings/finding.hpp"

#include <algorithm>
#include <tuple>

namespace lockstorm::scenarios {
namespace {

Finding finding_in(const AuditPlan& plan, std::span<const VerifyResult> results, checkers::Property property,
                   std::size_t configuration) {
  Finding finding;
  const Trouble& cause = trouble_of(results[configuration].scenario);
  finding.rule = {&plan.backend->type(), property, &cause};
  finding.occurrence = occurrence_of(cause);
  finding.harm = harm_of(property);
  finding.is_inherent = is_inherent(property, cause);
  finding.grade = finding.is_inherent ? Grade::info : grade_of(finding.occurrence, finding.harm);
  finding.configuration = configuration;
  return finding;
}

}  // namespace

std::vector<Finding> findings_of(const AuditPlan& plan, std::span<const VerifyResult> results,
                                 std::span<const AuditFinding> answers) {
  std::vector<Finding> findings;
  for (const AuditFinding& answer : answers) {
    if (answer.verdict != Verdict::violated) continue;
    findings.push_back(finding_in(plan, results, answer.property, answer.configuration));
    for (const std::size_t number : answer.also)
      findings.push_back(finding_in(plan, results, answer.property, number));
  }
  const auto order = [](const Finding& finding) {
    return std::tuple(finding.is_inherent, -static_cast<int>(finding.grade), finding.occurrence,
                      finding.harm);
  };
  std::ranges::stable_sort(findings, std::ranges::less{}, order);
  return findings;
}

}  // namespace lockstorm::scenarios
