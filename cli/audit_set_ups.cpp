#include "cli/audit_set_ups.hpp"

#include "cli/verify_waves.hpp"
#include "scenarios/findings/finding.hpp"

namespace lockstorm::cli {

std::vector<reports::AuditAnswer> audit_set_ups(std::vector<scenarios::SetUp> set_ups, const Global& global) {
  std::vector<reports::AuditAnswer> answers;
  for (scenarios::SetUp& set_up : set_ups) {
    reports::AuditAnswer& answer = answers.emplace_back();
    answer.path = set_up.states.front().directory.string();
    answer.plan = std::move(set_up.plan);
    answer.states = std::move(set_up.states);
  }
  std::vector<std::vector<scenarios::Scenario>*> families;
  for (reports::AuditAnswer& answer : answers) families.push_back(&answer.plan.configurations);
  auto results = verify_in_waves(families, global, Again::by_another_cause);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    reports::AuditAnswer& answer = answers[i];
    answer.results = std::move(results[i]);
    answer.findings = conclude_audit(answer.results);
    answer.graded = scenarios::findings_of(answer.plan, answer.results, answer.findings);
  }
  return answers;
}

}  // namespace lockstorm::cli
