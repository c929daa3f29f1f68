// One rule as an audit has found it: in which states, by which runs, and what its page says.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/finding_words.hpp"
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

}  // namespace

std::string explain_repository(const RepositoryAnswer& answer, const scenarios::Rule& rule,
                               const Style& style) {
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
