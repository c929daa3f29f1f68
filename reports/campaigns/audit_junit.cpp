// JUnit XML of an audit: what the test tab of a CI system shows of each state.
#include <fmt/format.h>

#include <algorithm>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "reports/ci/junit_suite.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::AuditFinding;
using scenarios::Finding;
using scenarios::Verdict;

constexpr Style kPlainText{.colour = false, .width = 100};

JunitCase case_of_finding(const AuditAnswer& answer, const Finding& finding,
                          const scenarios::Standing& standing) {
  JunitCase one{
      fmt::format("{} {}", finding.rule.id(), rule_title(finding.rule)), JunitOutcome::skipped, {}, {}};
  const std::string story = fmt::format("{}: {}", grade_name(finding.grade), told_sentence(answer, finding));
  if (!is_failure(standing.outcome)) {
    one.message = fmt::format("{}. {}", standing_text(standing), story);
    return one;
  }
  one.outcome = JunitOutcome::failed;
  one.message = story;
  if (standing.outcome == scenarios::Outcome::expired)
    one.message += fmt::format(" It {}.", standing_text(standing));
  if (const scenarios::Counterexample* run = shown_run(answer, finding); run != nullptr)
    one.text = text_counterexample(answer.results[finding.configuration], *run, kPlainText);
  return one;
}

// What is violated has cases for its findings.
void add_properties(const AuditAnswer& answer, JunitSuite& suite) {
  for (const AuditFinding& finding : answer.findings) {
    const std::string name(checkers::property_name(finding.property));
    if (finding.verdict == Verdict::held) {
      suite.cases.push_back({name, JunitOutcome::passed, {}, reason_text(answer, finding, "; ")});
    } else if (finding.verdict != Verdict::violated) {
      suite.cases.push_back({name,
                             JunitOutcome::errored,
                             fmt::format("{}: {}", scenarios::verdict_name(finding.verdict),
                                         answer.results[finding.configuration].why),
                             {}});
    }
  }
}

double seconds_of(const AuditAnswer& answer) {
  double seconds = 0;
  for (const scenarios::VerifyResult& result : answer.results) seconds += result.explored.seconds;
  return seconds;
}

// The set-up is verified once, whatever the number of its states: the first has its time.
JunitSuite suite_of_state(const AuditAnswer& answer, std::size_t state) {
  JunitSuite suite;
  suite.name = state_name(answer.states[state]);
  if (!answer.plan.premise.empty()) suite.name += ", if " + answer.plan.premise;
  suite.seconds = state == 0 ? seconds_of(answer) : 0;
  suite.properties.emplace_back("set-up", set_up_text(answer));
  for (const std::string& assumption : answer.plan.assumptions)
    suite.properties.emplace_back("taken for granted", assumption);
  for (std::size_t i = 0; i < answer.graded.size(); ++i)
    suite.cases.push_back(case_of_finding(answer, answer.graded[i], standing_of(answer, i, state)));
  add_properties(answer, suite);
  return suite;
}

JunitSuite suite_of_pipeline(const RepositoryAnswer& answer) {
  JunitSuite suite{"pipeline", {}, {}, 0};
  for (const ReportedHazard& one : reported_hazards(answer)) {
    JunitCase made{fmt::format("{} {}", one.finding->id(), one.rule().title), JunitOutcome::skipped, {}, {}};
    made.message = fmt::format("{}: {} {}", grade_name(one.finding->grade), hazard_sentence(one),
                               hazard_on_backend(one));
    if (fails(one)) {
      made.outcome = JunitOutcome::failed;
      made.text = hazard_in_full(one, kPlainText);
    } else {
      made.message = fmt::format("{}. {}", standing_text(one.standing), made.message);
    }
    suite.cases.push_back(std::move(made));
  }
  if (suite.cases.empty()) suite.cases.push_back({"no hazard", JunitOutcome::passed, {}, {}});
  return suite;
}

}  // namespace

std::string junit_repository(const RepositoryAnswer& answer) {
  std::vector<JunitSuite> suites;
  for (const AuditAnswer& one : answer.answers) {
    for (std::size_t i = 0; i < one.states.size(); ++i) suites.push_back(suite_of_state(one, i));
  }
  if (answer.pipeline) suites.push_back(suite_of_pipeline(answer));
  if (!answer.complaints.empty()) {
    JunitSuite unread{"files", {}, {}, 0};
    for (const scenarios::InputError& one : answer.complaints)
      unread.cases.push_back({one.where.file, JunitOutcome::errored, one.problem, one.render()});
    suites.push_back(std::move(unread));
  }
  return junit_document(suites);
}

}  // namespace lockstorm::reports
