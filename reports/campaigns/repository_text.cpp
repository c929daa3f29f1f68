// The overview of many states: each set-up in a few lines, worst first, and what was left out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/met_jobs.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/words.hpp"
#include "scenarios/campaigns/matrix.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::AuditFinding;
using scenarios::Verdict;

constexpr std::size_t kNamedStates = 4;

// "violated: mutual-exclusion (two jobs), ..." for each verdict but held.
std::string findings_text(const AuditAnswer& answer) {
  std::string text;
  for (const Verdict verdict : {Verdict::violated, Verdict::unknown, Verdict::invalid}) {
    std::vector<std::string> names;
    for (const AuditFinding& finding : answer.findings) {
      if (finding.verdict != verdict) continue;
      names.push_back(fmt::format("{} (with {})", checkers::property_name(finding.property),
                                  scenarios::adversity_text(answer.results[finding.configuration].scenario)));
    }
    if (!names.empty())
      text +=
          fmt::format("{}{}: {}", text.empty() ? "" : "; ", verdict_name(verdict), fmt::join(names, ", "));
  }
  return text.empty() ? "every property is proved" : text;
}

std::string summary_with_premise(const AuditAnswer& answer) {
  std::string text = set_up_text(answer);
  if (!answer.plan.premise.empty()) text += ", if " + answer.plan.premise;
  return text;
}

std::string overview(const RepositoryAnswer& answer, const Style& style) {
  std::vector<std::size_t> order(answer.answers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto violated = [&](std::size_t number) {
    return std::ranges::count(answer.answers[number].findings, Verdict::violated, &AuditFinding::verdict);
  };
  std::ranges::stable_sort(order, std::ranges::greater{}, violated);
  std::string out;
  for (const std::size_t number : order) {
    const AuditAnswer& one = answer.answers[number];
    const Verdict verdict = scenarios::audit_verdict(one.results);
    out +=
        fmt::format("\n{}  {}\n", style(Style::ink_of(verdict), pad(std::string(verdict_name(verdict)), 8)),
                    summary_with_premise(one));
    out += paragraph(fmt::format("{}: {}", counted(one.states.size(), "state"), some_states(one)), style, 4);
    out += paragraph(findings_text(one), style, 4);
    if (const std::vector<std::string> items = what_to_change(one); !items.empty())
      out += paragraph("to change first: " + items.front(), style, 4);
  }
  return out;
}

std::string left_out_text(const RepositoryAnswer& answer, const Style& style) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const scenarios::LeftOut& one : answer.left_out)
    by_reason[one.why].push_back(scenarios::printable(one.directory.string()));
  std::string out;
  for (auto& [why, names] : by_reason) {
    out += paragraph(fmt::format("Left out: {} ({})", first_few(std::move(names), kNamedStates), why), style);
  }
  return out;
}

std::string pipeline_text(const RepositoryAnswer& answer, const Style& style) {
  if (!answer.pipeline) return {};
  const std::string path = scenarios::printable(answer.pipeline->answer.path);
  std::string out = "\n" + style(Ink::bold, "The pipeline") + "\n";
  const std::vector<ReportedHazard> hazards = reported_hazards(answer);
  for (const ReportedHazard& one : hazards) out += "\n" + hazard_in_full(one, style);
  out += paragraph(
      fmt::format("{}{}. `lockstorm pipeline {}` shows what was understood, and what is left "
                  "where all is as it should be.",
                  hazards.empty() ? "No hazard is in the CI files" : counted(hazards.size(), "hazard"),
                  unread_words(answer.pipeline->answer), path),
      style);
  return out + text_met_jobs(*answer.pipeline, style);
}

}  // namespace

std::string text_repository(const RepositoryAnswer& answer, const Style& style) {
  std::string out;
  if (answer.answers.size() == 1) {
    out = text_audit(answer.answers.front(), style);
  } else {
    out =
        style(Ink::bold, scenarios::printable(answer.path)) + ": " +
        style(Style::ink_of(answer.verdict()), verdict_name(answer.verdict())) + "\n" +
        fmt::format("{}, {}\n", counted(answer.states(), "state"), counted(answer.answers.size(), "set-up")) +
        overview(answer, style);
    for (const AuditAnswer& one : answer.answers) out += "\n" + text_audit(one, style);
  }
  out += pipeline_text(answer, style);
  if (!answer.left_out.empty()) out += "\n" + left_out_text(answer, style);
  return out + "\n" + gate_paragraph(answer, style);
}

}  // namespace lockstorm::reports
