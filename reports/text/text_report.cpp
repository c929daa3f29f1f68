#include "reports/text/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/format/layout.hpp"
#include "reports/format/shell.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Counterexample;
using scenarios::Verdict;
using scenarios::VerifyResult;

std::string shouted(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// Green is what was proved.
Ink ink_of(const VerifyResult& result, Verdict verdict) {
  return result.searched && verdict == Verdict::held ? Ink::plain : Style::ink_of(verdict);
}

std::string property_lines(const VerifyResult& result, const Style& style) {
  constexpr std::size_t kNameWidth = 22;
  const std::size_t verdict_width = result.searched ? 15 : 10;
  std::string out;
  for (const auto& [property, verdict] : result.properties) {
    const std::string verdict_text = pad(std::string(shown_verdict(result, verdict)), verdict_width);
    out += "  " + pad(std::string(checkers::property_name(property)), kNameWidth) +
           style(ink_of(result, verdict), verdict_text);
    const auto found = std::ranges::find(result.counterexamples, property, &Counterexample::property);
    if (found != result.counterexamples.end()) {
      out +=
          fmt::format("counterexample {}: {}, {}", found - result.counterexamples.begin() + 1,
                      counted(found->adverse_events, "adverse event"), counted(found->steps.size(), "step"));
      if (const auto ways = result.mechanisms.find(property); ways != result.mechanisms.end())
        out += fmt::format("; {}{}", counted(ways->second.all.size(), "mechanism"),
                           ways->second.complete ? "" : " or more");
    }
    if (verdict == Verdict::held && result.explored.cut_off > 0)
      out += fmt::format("within {} ticks", result.scenario.time.ticks);
    if (property == checkers::Property::stale_lock_recovery && verdict == Verdict::held)
      out += recovery_words(result.scenario, result.recovery);
    while (out.ends_with(' ')) out.pop_back();
    out += "\n";
  }
  return out;
}

std::string recovery_of(const VerifyResult& result) {
  const auto verdict = result.properties.find(checkers::Property::stale_lock_recovery);
  const bool held = verdict != result.properties.end() && verdict->second == Verdict::held;
  return held ? recovery_text(result.scenario, result.recovery) : std::string();
}

}  // namespace

std::string replay_command(const scenarios::Scenario& scenario, const std::string& replay) {
  const bool is_known = scenarios::is_of_library(scenario);
  return fmt::format("lockstorm replay {}", replay) +
         (is_known || scenario.file.empty() ? "" : " --scenario " + shell_word(scenario.file));
}

std::string coverage_text(const VerifyResult& result) {
  const scenarios::Explored& explored = result.explored;
  const std::string visited = fmt::format("{} and {}", counted(explored.states, "state"),
                                          counted(explored.transitions, "transition"));
  if (explored.complete) {
    // What comes after the end of bounded time is nobody's proof.
    const std::string cut_off =
        explored.cut_off == 0
            ? ""
            : fmt::format(" ({} of them cut off by the end of time)", counted(explored.cut_off, "ending"));
    return fmt::format(
        "complete, {}, all {}{} within {} steps; odds of a hash collision: 0, states are compared exactly",
        visited, counted(explored.end_states, "ending"), cut_off, explored.depth);
  }
  return fmt::format("not complete, {}: {}", visited,
                     result.why.empty() ? "the search was cut short" : result.why);
}

std::string outcome_text(const VerifyResult& result, const VerifyResult& first) {
  if (result.verdict == Verdict::invalid && result.invalidity == scenarios::Invalidity::nobody_succeeds)
    return "nobody succeeds";
  return std::string(scenarios::configuration_state(result, first));
}

std::string text_bounds(const VerifyResult& result, const Style& style) {
  constexpr std::size_t kIndent = 10;
  return paragraph(bounds_text(result.scenario), style, kIndent, "Bounds:") +
         paragraph(coverage_text(result), style, kIndent, "Explored:") +
         paragraph(reached_text(result), style, kIndent, "Reached:") +
         fmt::format("{}{:.1f} s\n", pad("Time:", kIndent), result.explored.seconds);
}

std::string text_counterexample(const VerifyResult& result, const Counterexample& counterexample,
                                const Style& style) {
  std::string out = paragraph(headline_of(counterexample), style);
  if (style.colour) out = style(Ink::bold, headline_of(counterexample)) + "\n";
  out += "\n" + paragraph(why(counterexample), style) + "\n";
  out += step_table(counterexample, Rows::relevant, style) + "\n";
  out += paragraph(decisive_moment(counterexample), style);
  out += paragraph("What would have prevented it: " + prevention(result.scenario, counterexample), style);
  if (!counterexample.tried.empty()) out += paragraph(tried_changes(result.scenario, counterexample), style);
  out += fmt::format("\n{}\n", replay_command(result.scenario, counterexample.replay));
  return out + paragraph(bounds_text(result.scenario), style, 10, "Bounds:");
}

std::string text_findings(const VerifyResult& result, const Style& style) {
  std::string out =
      style(Ink::bold, scenarios::printable(result.scenario.name)) + ": " +
      style(ink_of(result, result.verdict), shouted(std::string(shown_verdict(result, result.verdict)))) +
      "\n";
  out += paragraph(scenarios::summary(result.scenario), style);
  if (!result.scenario.description.empty()) out += paragraph(result.scenario.description, style);
  out += "\n" + property_lines(result, style);
  if (const std::string text = recovery_of(result); !text.empty()) out += paragraph(text, style, 2);
  if (!result.why.empty() && result.explored.complete) out += paragraph(result.why, style, 2);
  for (std::size_t i = 0; i < result.counterexamples.size(); ++i) {
    const Counterexample& counterexample = result.counterexamples[i];
    const std::string title =
        fmt::format("-- counterexample {} of {}: {} ", i + 1, result.counterexamples.size(),
                    checkers::property_name(counterexample.property));
    out += "\n" + title + std::string(style.width - std::min(style.width, title.size()), '-') + "\n";
    out += text_counterexample(result, counterexample, style);
    const bool is_last = i + 1 == result.counterexamples.size() ||
                         result.counterexamples[i + 1].property != counterexample.property;
    if (!is_last) continue;
    if (const std::string others = other_mechanisms_text(result, counterexample.property); !others.empty())
      out += "\n" + paragraph(others, style);
  }
  return out;
}

std::string text_report(const VerifyResult& result, const Style& style) {
  return text_findings(result, style) + "\n" + text_bounds(result, style);
}

std::string text_summary(std::span<const VerifyResult> results, const Style& style) {
  std::array<std::size_t, 5> counts{};
  std::size_t name_width = 0;
  for (const VerifyResult& result : results)
    name_width = std::max(name_width, text_width(scenarios::printable(result.scenario.name)));
  std::string out;
  for (const VerifyResult& result : results) {
    ++counts[static_cast<std::size_t>(result.verdict)];
    out += pad(scenarios::printable(result.scenario.name), name_width + 2) +
           style(Style::ink_of(result.verdict), scenarios::verdict_name(result.verdict));
    std::string violated;
    for (const auto& [property, verdict] : result.properties) {
      if (verdict == Verdict::violated)
        violated += fmt::format("{}{}", violated.empty() ? ": " : ", ", checkers::property_name(property));
    }
    out += violated + "\n";
  }
  std::string total;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    total += fmt::format("{}{} {}", total.empty() ? "" : ", ", counts[i],
                         scenarios::verdict_name(static_cast<Verdict>(i)));
  }
  return out + fmt::format("{}: {}\n", counted(results.size(), "scenario"), total);
}

}  // namespace lockstorm::reports
