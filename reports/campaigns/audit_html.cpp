#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/campaigns/audit_report.hpp"
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
  for (const AuditFinding& finding : answer.findings) {
    PageData::Json run = nullptr;
    const VerifyResult& result = answer.results[finding.configuration];
    const scenarios::Counterexample* found = result.counterexample_of(finding.property);
    if (finding.verdict == Verdict::violated && found != nullptr) run = data.add_run(result, *found);
    findings.push_back({data.text(checkers::property_name(finding.property)),
                        data.text(verdict_name(finding.verdict)),
                        data.text(reason_text(answer, finding, "; ")), run});
  }
  return findings;
}

PageData::Json page_audit(PageData& data, const AuditAnswer& answer) {
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
          {"findings", std::move(findings)},
          {"advice", what_to_change(answer)},
          {"assumptions", answer.plan.assumptions},
          {"configurations", std::move(configurations)},
          {"coverage", coverage_text(answer)}};
}

}  // namespace

std::string html_repository(const RepositoryAnswer& answer) {
  PageData data;
  PageData::Json audits = PageData::Json::array();
  for (const AuditAnswer& one : answer.answers) audits.push_back(page_audit(data, one));
  return html_page("lockstorm audit: " + answer.path,
                   data.document("audit", {{"audits", std::move(audits)}}));
}

}  // namespace lockstorm::reports
