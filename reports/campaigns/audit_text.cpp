#include <fmt/format.h>

#include <algorithm>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/left_lock_story.hpp"
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

std::string finding_line(const AuditAnswer& answer, const AuditFinding& finding, const Style& style) {
  const std::string verdict = pad(std::string(scenarios::verdict_name(finding.verdict)), 10);
  std::string out = "  " + pad(std::string(checkers::property_name(finding.property)), 22) +
                    style(Style::ink_of(finding.verdict), verdict);
  out += reason_text(answer, finding, "\n" + std::string(34, ' '));
  return out + "\n";
}

std::string recovery_sentence(const AuditAnswer& answer) {
  const auto finding =
      std::ranges::find(answer.findings, checkers::Property::stale_lock_recovery, &AuditFinding::property);
  const VerifyResult* hardest = hardest_recovery(answer);
  const bool held = finding != answer.findings.end() && finding->verdict == Verdict::held;
  return held && hardest != nullptr ? recovery_text(hardest->scenario, hardest->recovery) : std::string();
}

std::string outcome_of(const AuditAnswer& answer, const VerifyResult& result, const Style& style) {
  if (result.invalidity == scenarios::Invalidity::nobody_succeeds)
    return style(Style::ink_of(result.verdict), outcome_text(result, answer.results.front())) + ": " +
           result.why;
  if (result.verdict == Verdict::invalid) return outcome_text(result, answer.results.front());
  const std::string words = outcome_text(result, answer.results.front());
  std::string out =
      style(Style::ink_of(result.verdict), pad(words, 13)) + counted(result.explored.states, "state");
  if (!result.explored.complete) out += ", not complete: " + result.why;
  return out;
}

std::string configuration_lines(const AuditAnswer& answer, const Style& style) {
  std::string out;
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    out += fmt::format("  {:>2}  {}{}\n", i + 1, pad(adversity_text(result.scenario), 52),
                       outcome_of(answer, result, style));
  }
  return out + "  " + coverage_text(answer) + "\n";
}

std::string counterexample_screens(const AuditAnswer& answer, const Style& style) {
  std::string out;
  for (const AuditFinding& finding : answer.findings) {
    const std::vector<std::size_t> in_full = told_in_full(finding);
    for (const std::size_t number : in_full) {
      const VerifyResult& result = answer.results[number];
      for (const scenarios::Counterexample& counterexample : result.counterexamples) {
        if (counterexample.property != finding.property) continue;
        const std::string title = fmt::format("-- {}, with {} ", checkers::property_name(finding.property),
                                              adversity_text(result.scenario));
        out += "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n";
        out += text_counterexample(result, counterexample, style);
      }
      if (const std::string others = other_mechanisms_text(result, finding.property); !others.empty())
        out += "\n" + paragraph(others, style);
    }
    for (const std::size_t number : finding.also) {
      const scenarios::Counterexample* other = answer.results[number].counterexample_of(finding.property);
      if (other == nullptr || std::ranges::find(in_full, number) != in_full.end()) continue;
      out += fmt::format("Also with {}, in {}:\nlockstorm replay {}\n",
                         adversity_text(answer.results[number].scenario),
                         counted(other->steps.size(), "step"), other->replay);
    }
  }
  return out;
}

std::string list_of(const std::vector<std::string>& items, const Style& style) {
  std::string out;
  for (const std::string& item : items) out += paragraph(item, style, 4, "  - ");
  return out;
}

// Why it is this tool, and what of the block is known only because of what it refers to.
std::vector<std::string> told_of_state(const scenarios::AuditedState& state) {
  std::vector<std::string> lines;
  if (state.tool.is_told && !state.tool.where.file.empty())
    lines.push_back(fmt::format("{}: {}.", scenarios::tool_name(state.tool.tool), state.tool.reason));
  for (const scenarios::EvaluatedArgument& argument : state.configuration.evaluated)
    lines.push_back(told(argument) + ".");
  return lines;
}

}  // namespace

std::string text_audit(const AuditAnswer& answer, const Style& style) {
  const Verdict verdict = scenarios::audit_verdict(answer.results);
  std::string out = style(Ink::bold, scenarios::printable(answer.path)) + ": " +
                    style(Style::ink_of(verdict), verdict_name(verdict)) +
                    (answer.plan.premise.empty() ? "" : ", if " + answer.plan.premise) + "\n";
  out += paragraph(summary_text(answer), style);
  if (answer.states.size() > 1) {
    out += "\n" + counted(answer.states.size(), "state") + ":\n";
    for (const scenarios::AuditedState& state : answer.states) out += "  - " + state_name(state) + "\n";
  } else if (!answer.states.empty() && !answer.states.front().completed_by.empty()) {
    out += paragraph("Completed by " + scenarios::printable(answer.states.front().completed_by) + ".", style);
  }
  for (const std::string& line : told_of_state(answer.states.front())) out += paragraph(line, style);
  if (!answer.plan.assumptions.empty())
    out += "\nTaken for granted:\n" + list_of(answer.plan.assumptions, style);
  out += "\n";
  for (const AuditFinding& finding : answer.findings) out += finding_line(answer, finding, style);
  if (const std::string text = recovery_sentence(answer); !text.empty()) out += paragraph(text, style, 2);
  out +=
      "\nConfigurations, each explored in full unless it says otherwise; a property that is violated is "
      "not\nchecked again where the same kind of trouble comes with more:\n" +
      configuration_lines(answer, style);
  out += counterexample_screens(answer, style);
  if (const std::vector<std::string> items = what_to_change(answer); !items.empty())
    out += "\n" + style(Ink::bold, "What to change") + "\n" + list_of(items, style);
  return out;
}

}  // namespace lockstorm::reports
