#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/page_rules.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/campaigns/matrix.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::adversity_text;
using scenarios::AuditFinding;
using scenarios::Verdict;
using scenarios::VerifyResult;

PageData::Json page_findings(PageData& data, const AuditAnswer& answer) {
  PageData::Json findings = PageData::Json::array();
  for (const AuditFinding& finding : answer.findings)
    findings.push_back({data.text(checkers::property_name(finding.property)),
                        data.text(verdict_name(finding.verdict)),
                        data.text(reason_text(answer, finding, "; "))});
  return findings;
}

// [rule, property, grade, "inherent" or nothing, sentence, run], worst first.
PageData::Json page_graded(PageData& data, const AuditAnswer& answer, std::set<std::string>& rules) {
  PageData::Json graded = PageData::Json::array();
  for (const scenarios::Finding& finding : answer.graded) {
    const scenarios::Counterexample* found = shown_run(answer, finding);
    PageData::Json run = nullptr;
    if (found != nullptr) run = data.add_run(answer.results[finding.configuration], *found);
    rules.insert(finding.rule.id());
    graded.push_back({data.text(finding.rule.id()), data.text(checkers::property_name(finding.rule.property)),
                      data.text(grade_name(finding.grade)), finding.is_inherent ? 1 : 0,
                      data.text(finding_sentence(answer, finding)), run});
  }
  return graded;
}

PageData::Json page_audit(PageData& data, const AuditAnswer& answer, std::set<std::string>& rules) {
  PageData::Json findings = page_findings(data, answer);
  PageData::Json configurations = PageData::Json::array();
  for (const VerifyResult& result : answer.results)
    configurations.push_back({data.text(adversity_text(result.scenario)),
                              data.text(outcome_text(result, answer.results.front())), result.explored.states,
                              result.explored.complete ? 1 : 0});
  PageData::Json states = PageData::Json::array();
  for (const scenarios::AuditedState& state : answer.states) states.push_back(state_name(state));
  return {{"path", answer.path},
          {"verdict", verdict_name(scenarios::audit_verdict(answer.results))},
          {"summary", summary_text(answer)},
          {"states", std::move(states)},
          {"premise", answer.plan.premise},
          {"findings", std::move(findings)},
          {"graded", page_graded(data, answer, rules)},
          {"advice", what_to_change(answer)},
          {"assumptions", answer.plan.assumptions},
          {"configurations", std::move(configurations)},
          {"coverage", coverage_text(answer)}};
}

// [rule, title, grade, sentence, what it comes to on the backend, causes, what to change, standing].
PageData::Json page_hazards(const RepositoryAnswer& answer) {
  PageData::Json hazards = PageData::Json::array();
  for (const ReportedHazard& one : reported_hazards(answer)) {
    PageData::Json causes = PageData::Json::array();
    for (const scenarios::pipeline::Cause& cause : one.causes)
      causes.push_back(fmt::format("{}:{}: {}", cause.where.file, cause.where.line, cause.what));
    hazards.push_back({one.finding->id(), one.rule().title, grade_name(one.finding->grade),
                       hazard_sentence(one), hazard_on_backend(one), std::move(causes), one.rule().fix,
                       standing_text(one.standing)});
  }
  return hazards;
}

}  // namespace

std::string html_repository(const RepositoryAnswer& answer) {
  PageData data;
  PageData::Json audits = PageData::Json::array();
  std::set<std::string> rules;
  for (const AuditAnswer& one : answer.answers) audits.push_back(page_audit(data, one, rules));
  PageData::Json body{{"audits", std::move(audits)}, {"rules", page_rules(data, rules)}};
  if (answer.pipeline) body["pipeline"] = page_hazards(answer);
  for (const scenarios::LeftOut& one : answer.left_out)
    body["left_out"].push_back({one.directory.string(), one.why});
  for (const scenarios::InputError& one : answer.complaints) body["complaints"].push_back(one.render());
  return html_page("lockstorm audit: " + answer.path, data.document("audit", body));
}

}  // namespace lockstorm::reports
