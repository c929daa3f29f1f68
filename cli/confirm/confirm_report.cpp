#include "cli/confirm/confirm_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "reports/format/layout.hpp"
#include "reports/story/words.hpp"
#include "scenarios/data/printable.hpp"
#include "wire/confirm/last_words.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Counterexample;
using scenarios::printable;
using wire::confirm::Holdings;
using wire::confirm::Outcome;
using wire::confirm::Performed;
using wire::confirm::StepEvidence;
using wire::confirm::ToolRun;

// One line a step: number, actor, what the model says, what happened.
std::string table(const Counterexample& told, const Performed& performed, const reports::Style& style) {
  std::size_t actor_width = 5;
  for (const std::string& actor : told.actors) actor_width = std::max(actor_width, actor.size());
  const std::size_t left = 6 + actor_width + 2;
  const std::size_t columns = style.width > left + 44 ? style.width - left - 2 : 44;
  const std::size_t model_width = columns * 11 / 20;
  const std::size_t real_width = columns - model_width;
  std::string text = fmt::format("{}{}  {}\n", reports::pad("  Step  Actor", left),
                                 reports::pad("Model", model_width), "Real");
  for (const StepEvidence& evidence : performed.direction.steps) {
    const auto& step = told.steps[evidence.number - 1];
    const auto model = reports::wrap(step.text, model_width);
    const auto real = reports::wrap(printable(real_text(evidence)), real_width);
    for (std::size_t line = 0; line < std::max(model.size(), std::max<std::size_t>(real.size(), 1)); ++line) {
      const std::string head =
          line == 0 ? fmt::format("{:>6}  {}", evidence.number, step.actor) : std::string();
      std::string row = reports::pad(head, left + 2) +
                        reports::pad(line < model.size() ? model[line] : "", model_width) + "  " +
                        (line < real.size() ? real[line] : "");
      row.erase(row.find_last_not_of(' ') + 1);
      text += row + "\n";
    }
  }
  return text;
}

std::string holdings_text(std::string_view label, const Holdings& holdings) {
  std::string text;
  for (const auto& holding : holdings) {
    text += fmt::format("  {:<14}{}\n", text.empty() ? label : "", printable(holding_text(holding)));
  }
  return text.empty() ? fmt::format("  {:<14}nothing\n", label) : text;
}

std::string run_text(const std::string& actor, const ToolRun& run, const reports::Style& style) {
  const std::string words = wire::confirm::last_words(run.printed);
  return reports::paragraph(fmt::format("`{}`: {}{}", run.command.substr(0, run.command.find(" -")),
                                        ending_of(run), words.empty() ? "" : ": " + printable(words)),
                            style, 16, "  " + actor);
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000.0);
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

}  // namespace

std::string real_text(const StepEvidence& evidence) {
  switch (evidence.kind) {
    case StepEvidence::Kind::forced:
      return evidence.real;
    case StepEvidence::Kind::by_hand:
      return evidence.real.empty() ? "(seen by lockstorm)" : "(seen by lockstorm: " + evidence.real + ")";
    case StepEvidence::Kind::off_wire:
      return "";
    case StepEvidence::Kind::not_sent:
      return evidence.real.empty() ? "-" : "- " + evidence.real;
    case StepEvidence::Kind::differs:
      return "!! " + evidence.real;
  }
  return "";
}

std::string_view step_kind_name(StepEvidence::Kind kind) {
  switch (kind) {
    case StepEvidence::Kind::forced:
      return "forced";
    case StepEvidence::Kind::by_hand:
      return "by hand";
    case StepEvidence::Kind::off_wire:
      return "off the wire";
    case StepEvidence::Kind::not_sent:
      return "not sent";
    case StepEvidence::Kind::differs:
      return "differs";
  }
  return "";
}

std::string holding_text(const wire::confirm::Holding& holding) {
  return fmt::format("{} {}: {}{}", holding.service, holding.place,
                     holding.state.empty() ? "no state" : holding.state,
                     holding.lock.empty() ? ", no lock" : ", lock: " + holding.lock);
}

std::string ending_of(const ToolRun& run) {
  if (!run.status) return "was still running, and killed";
  return *run.status < 0 ? fmt::format("ended by signal {}", -*run.status)
                         : fmt::format("status {}", *run.status);
}

std::string conclusion_of(const Performed& performed) {
  const auto& direction = performed.direction;
  if (direction.outcome == Outcome::not_reproduced) return "NOT REPRODUCED: " + direction.difference;
  if (direction.outcome == Outcome::different) return "DIFFERENT: " + direction.difference;
  const auto missing = std::ranges::count(direction.steps, StepEvidence::Kind::not_sent, &StepEvidence::kind);
  std::string text = "CONFIRMED: every step happened on the real tool, and every answer was the model's.";
  if (missing > 0)
    text += fmt::format(" It did without {} that only read{}.", reports::counted(missing, "step"),
                        missing == 1 ? "s" : "");
  return text;
}

std::string times_text(const Performed& performed) {
  return fmt::format("{} in all, {} to set up, {} for the steps", seconds(performed.whole),
                     seconds(performed.set_up), seconds(performed.schedule));
}

std::string counts_text(const std::vector<ConfirmResult>& results) {
  std::map<ConfirmResult::Kind, std::size_t> counts;
  for (const ConfirmResult& result : results) ++counts[result.kind];
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(fmt::format("{} {}", count, kind_name(kind)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string confirm_text(const ConfirmResult& result, const reports::Style& style) {
  std::string text = fmt::format("{}: {}\n", printable(result.scenario), fmt::join(result.properties, ", "));
  if (!result.performed)
    return text + reports::paragraph(
                      fmt::format("{}: {}", upper(kind_name(result.kind)), printable(result.why)), style);
  const Counterexample& told = *result.told;
  const Performed& performed = *result.performed;
  text += "\n" + table(told, performed, style) + "\n";
  text += reports::paragraph(printable(conclusion_of(performed)), style) + "\n";
  text += "What is stored\n" + holdings_text("before", performed.before) +
          holdings_text("at last step", performed.at_last_step) +
          holdings_text("in the end", performed.after);
  text += "How the jobs ended\n";
  for (std::size_t actor = 0; actor < performed.runs.size(); ++actor) {
    for (const ToolRun& run : performed.runs[actor]) text += run_text(told.actors[actor], run, style);
  }
  text += run_text("next job", performed.next_job, style);
  if (!performed.direction.extra.empty())
    text += reports::paragraph(fmt::format("{}", fmt::join(performed.direction.extra, "; ")), style, 16,
                               "Not in model:");
  text += "Time: " + times_text(performed) + "\n";
  return text;
}

std::string confirm_summary(const std::vector<ConfirmResult>& results, const reports::Style& style) {
  std::string text;
  for (const ConfirmResult& result : results) {
    const std::string why = result.why.empty() ? "" : ": " + printable(result.why);
    text += reports::paragraph(
        fmt::format("{} {}{}", printable(result.scenario), fmt::join(result.properties, ", "), why), style,
        18, upper(kind_name(result.kind)));
  }
  return text +
         fmt::format("\n{}: {}\n", reports::counted(results.size(), "counterexample"), counts_text(results));
}

}  // namespace lockstorm::cli
