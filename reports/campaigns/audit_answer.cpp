#include "reports/campaigns/audit_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/format/layout.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/words.hpp"
#include "scenarios/campaigns/matrix.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::adversity_text;
using scenarios::AuditFinding;
using scenarios::Verdict;
using scenarios::VerifyResult;

std::string where_text(const AuditAnswer& answer) {
  if (answer.plan.where.file.empty()) return "no backend block";
  return fmt::format("{}:{}", scenarios::printable(answer.plan.where.file), answer.plan.where.line);
}

// What is violated by one configuration says nothing of its other properties.
Verdict without_findings(const VerifyResult& result) {
  if (result.verdict != Verdict::violated) return result.verdict;
  Verdict worst = Verdict::held;
  for (const auto& [property, verdict] : result.properties) {
    if (verdict != Verdict::violated) worst = scenarios::worse(worst, verdict);
  }
  return worst;
}

}  // namespace

Verdict RepositoryAnswer::verdict() const {
  Verdict worst = Verdict::held;
  for (const AuditAnswer& answer : answers)
    worst = scenarios::worse(worst, scenarios::audit_verdict(answer.results));
  return worst;
}

Verdict RepositoryAnswer::verdict_without_findings() const {
  Verdict worst = Verdict::held;
  for (const AuditAnswer& answer : answers) {
    for (const VerifyResult& result : answer.results) {
      if (!result.cannot_happen()) worst = scenarios::worse(worst, without_findings(result));
    }
  }
  return worst;
}

std::size_t RepositoryAnswer::states() const {
  std::set<std::string> names;  // a state of which it is not known how it locks is in several answers
  for (const AuditAnswer& answer : answers) {
    for (const scenarios::AuditedState& state : answer.states) names.insert(state_name(state));
  }
  return names.size();
}

std::vector<scenarios::Finding> RepositoryAnswer::graded() const {
  std::vector<scenarios::Finding> all;
  for (const AuditAnswer& answer : answers) all.insert(all.end(), answer.graded.begin(), answer.graded.end());
  return all;
}

std::vector<scenarios::Grade> RepositoryAnswer::hazard_grades() const {
  std::vector<scenarios::Grade> grades;
  if (!pipeline) return grades;
  for (const auto& one : pipeline->findings) grades.push_back(one.grade);
  return grades;
}

std::vector<std::size_t> told_in_full(const AuditFinding& finding) {
  if (finding.verdict != Verdict::violated) return {};
  std::vector<std::size_t> shown{finding.configuration};
  if (finding.property == checkers::Property::no_lost_update)
    shown.insert(shown.end(), finding.also.begin(), finding.also.end());
  return shown;
}

const VerifyResult* hardest_recovery(const AuditAnswer& answer) {
  const VerifyResult* hardest = nullptr;
  for (const VerifyResult& result : answer.results) {
    if (result.scenario.faults[sim::Fault::crash] == 0 || result.verdict == Verdict::invalid) continue;
    if (hardest == nullptr || hardest->recovery < result.recovery) hardest = &result;
  }
  return hardest;
}

std::string reason_text(const AuditAnswer& answer, const AuditFinding& finding, std::string_view between) {
  if (finding.verdict == Verdict::held) {
    std::string text = fmt::format("proved in {}", counted(finding.held_in.size(), "configuration"));
    const VerifyResult* hardest =
        finding.property == checkers::Property::stale_lock_recovery ? hardest_recovery(answer) : nullptr;
    return hardest == nullptr ? text : text + "; " + recovery_words(hardest->scenario, hardest->recovery);
  }
  std::string text = fmt::format("with {}", adversity_text(answer.results[finding.configuration].scenario));
  for (const std::size_t number : finding.also)
    text += fmt::format("{}with {}", between, adversity_text(answer.results[number].scenario));
  return text;
}

std::string coverage_text(const AuditAnswer& answer) {
  std::size_t states = 0;
  for (const VerifyResult& result : answer.results) states += result.explored.states;
  return fmt::format("{} in all; odds of a hash collision: 0, states are compared exactly",
                     counted(states, "state"));
}

std::string set_up_text(const AuditAnswer& answer) {
  scenarios::Scenario asked = answer.plan.configurations.front();
  asked.client.count = answer.plan.options.jobs;  // where nothing goes wrong, a third one joins
  return scenarios::summary(asked);
}

std::string summary_text(const AuditAnswer& answer) {
  return fmt::format("{} ({}), -lock-timeout={}", set_up_text(answer), where_text(answer),
                     duration_text(answer.plan.options.lock_timeout));
}

std::string state_name(const scenarios::AuditedState& state) {
  std::string name = scenarios::printable(state.directory.string());
  if (!state.completed_by.empty())
    name += fmt::format(" (with {})", scenarios::printable(state.completed_by));
  return name;
}

std::string some_states(const AuditAnswer& answer) {
  constexpr std::size_t kNamedStates = 4;
  std::vector<std::string> names;
  for (const scenarios::AuditedState& state : answer.states) names.push_back(state_name(state));
  return first_few(std::move(names), kNamedStates);
}

}  // namespace lockstorm::reports
