// One rule as an audit has found it: in which states, by which runs, and what its page says.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/met_jobs.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "reports/format/layout.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;

std::string found_in(const AuditAnswer& answer, const Finding& finding, const Style& style) {
  std::string out = "\n" + paragraph(summary_text(answer), style);
  for (const scenarios::AuditedState& state : answer.states) out += "  - " + state_name(state) + "\n";
  const scenarios::VerifyResult& result = answer.results[finding.configuration];
  if (const scenarios::Counterexample* run = shown_run(answer, finding); run != nullptr)
    out += "\n" + text_counterexample(result, *run, style);
  return out;
}

// The run of a backend that the first of them leads to is told below it.
std::string explain_hazard(const RepositoryAnswer& answer, unsigned number, const Style& style) {
  std::string out;
  for (const ReportedHazard& one : reported_hazards(answer)) {
    if (one.finding->hazard.number != number) continue;
    out += (out.empty() ? "" : "\n") + hazard_in_full(one, style);
    if (one.shown_by == nullptr) continue;
    if (one.met != nullptr) out += "\n" + who_meets(one.in->answer.pipeline, *one.met, style);
    out += found_in(*one.shown_in, *one.shown_by, style);
  }
  const std::string id = scenarios::pipeline::hazard_id(number);
  if (out.empty())
    out = style(Ink::bold, fmt::format("{}  {}", id, scenarios::pipeline::hazard_rule(number).title)) + "\n" +
          paragraph(answer.pipeline ? "The audit has found nothing of the kind."
                                    : "No CI files hold for what was audited.",
                    style);
  return out + fmt::format("\n`lockstorm describe {}` tells what the rule is about.\n", id);
}

}  // namespace

std::string explain_repository(const RepositoryAnswer& answer, const std::string& rule_id,
                               const Style& style) {
  if (const unsigned hazard = scenarios::pipeline::hazard_of_id(rule_id); hazard != 0)
    return explain_hazard(answer, hazard, style);
  const scenarios::Rule rule = scenarios::rule_of_id(rule_id).value();
  std::string out = style(Ink::bold, fmt::format("{}  {}", rule.id(), rule_title(rule))) + "\n";
  bool is_found = false;
  for (const AuditAnswer& one : answer.answers) {
    for (const Finding& finding : one.graded) {
      if (!(finding.rule == rule)) continue;
      if (!is_found)
        out += paragraph(fmt::format("{}{}: {}.", grade_name(finding.grade),
                                     finding.is_inherent ? ", inherent" : "", grade_reason(finding)),
                         style);
      is_found = true;
      out += found_in(one, finding, style);
    }
  }
  if (!is_found) out += paragraph("The audit has found nothing of the kind.", style);
  return out + fmt::format("\n`lockstorm describe {}` tells what the rule is about.\n", rule.id());
}

}  // namespace lockstorm::reports
