#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "reports/campaigns/compare_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/roll_out_words.hpp"
#include "reports/format/layout.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Change;
using scenarios::ComparedFinding;
using scenarios::Finding;
using scenarios::Grade;
using scenarios::Side;

std::string_view change_word(Change change) {
  constexpr auto kWords = sim::text_for_each<Change>({"goes", "comes", "stays", "?"});
  return kWords[static_cast<std::size_t>(change)];
}

const AuditAnswer& answer_of(const CompareAnswer& answer, const ComparedPair& pair, Side side) {
  return side == Side::a ? answer.a[pair.states.a] : answer.b[pair.states.b];
}

std::vector<Finding> those_that(const ComparedPair& pair, Change change) {
  std::vector<Finding> some;
  for (const ComparedFinding& one : pair.findings) {
    if (one.change == change && !one.finding.is_inherent) some.push_back(one.finding);
  }
  return some;
}

// "3 findings (1 critical, 2 high)"; "none".
std::string count_text(const std::vector<Finding>& findings) {
  if (findings.empty()) return "none";
  return fmt::format("{} ({})", counted(findings.size(), "finding"), grades_text(findings));
}

// What one cause does to several properties is told once, by the worst: "LS-S3-320  no-lost-update (also
// LS-S3-420)".
std::string finding_entry(const CompareAnswer& answer, const ComparedPair& pair,
                          const std::vector<const ComparedFinding*>& of_cause, const Style& style) {
  const ComparedFinding& one = *of_cause.front();
  const Finding& finding = one.finding;
  std::vector<std::string> others;
  for (const ComparedFinding* other : of_cause) {
    if (other != &one) others.push_back(other->finding.rule.id());
  }
  std::string out =
      "  " + pad(std::string(change_word(one.change)), 7) +
      style(grade_ink(finding.grade), pad(std::string(grade_name(finding.grade)), 9)) +
      fmt::format("{}  {}{}\n", finding.rule.id(), checkers::property_name(finding.rule.property),
                  others.empty() ? "" : fmt::format(" (also {})", fmt::join(others, ", ")));
  std::string text = finding_sentence(answer_of(answer, pair, one.side), finding);
  if (one.change == Change::unknown) text += " Whether that is so on the other side, too, is not known.";
  return out + paragraph(text, style, 18);
}

std::string finding_list(const CompareAnswer& answer, const ComparedPair& pair, const Style& style) {
  std::string out;
  for (const Change change : {Change::comes, Change::unknown, Change::goes}) {
    std::vector<std::vector<const ComparedFinding*>> by_cause;
    for (const ComparedFinding& one : pair.findings) {
      if (one.change != change || one.finding.is_inherent) continue;
      const auto known = std::ranges::find_if(by_cause, [&](const auto& some) {
        return some.front()->finding.rule.cause == one.finding.rule.cause;
      });
      (known == by_cause.end() ? by_cause.emplace_back() : *known).push_back(&one);
    }
    for (const auto& of_cause : by_cause) out += finding_entry(answer, pair, of_cause, style);
  }
  const std::vector<Finding> stay = those_that(pair, Change::stays);
  if (!stay.empty()) {
    std::vector<std::string> ids;
    for (const Finding& finding : stay) ids.push_back(finding.rule.id());
    out += paragraph(fmt::format("{}: {}", count_text(stay), fmt::join(ids, ", ")), style, 9, "  stays  ");
  }
  return out;
}

std::string schedules(const ComparedPair& pair, const Style& style) {
  std::string out;
  for (const ShownCrossing& shown : shown_crossings(pair)) {
    const scenarios::VerifyResult& result = pair.judged.crossings[shown.crossing].results[shown.world];
    const scenarios::Counterexample* found = result.counterexample_of(shown.property);
    const std::string title =
        fmt::format("-- {}: {} ", crossing_text(*pair.plan, pair.plan->crossings[shown.crossing]),
                    checkers::property_name(shown.property));
    out += "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n";
    if (found == nullptr) {
      out += paragraph("The search for the schedule grew too large.", style);
    } else {
      out += text_counterexample(result, *found, style);
    }
  }
  return out;
}

std::string states_text(const CompareAnswer& answer, const ComparedPair& pair) {
  std::vector<std::string> names = states_of(answer, pair);
  for (std::string& name : names) name = scenarios::printable(name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string side_lines(const CompareAnswer& answer, const ComparedPair& pair, const Style& style) {
  const AuditAnswer& a = answer.a[pair.states.a];
  const AuditAnswer& b = answer.b[pair.states.b];
  const auto line = [&](const AuditAnswer& one, std::string_view label) {
    std::string text = summary_text(one);
    if (!one.plan.premise.empty()) text += ", if " + one.plan.premise;
    return paragraph(text, style, 3, label);
  };
  return line(a, "A: ") + line(b, "B: ");
}

std::string only_text(const std::vector<scenarios::UnpairedState>& states,
                      const std::vector<AuditAnswer>& answers, std::string_view side, const Style& style) {
  std::string out;
  for (const scenarios::UnpairedState& state : states)
    out += paragraph(fmt::format("Only in {}: {}, {}.", side, scenarios::printable(state.name),
                                 grades_text(answers[state.set_up].graded)),
                     style);
  return out;
}

}  // namespace

std::optional<Grade> CompareAnswer::worst(Change change) const {
  std::optional<Grade> worst;
  const auto note = [&](const Finding& finding) {
    if (!finding.is_inherent && (!worst || *worst < finding.grade)) worst = finding.grade;
  };
  for (const ComparedPair& pair : pairs) {
    for (const ComparedFinding& one : pair.findings) {
      if (one.change == change) note(one.finding);
    }
  }
  for (const scenarios::pipeline::ComparedHazard& one : hazards) {
    const Grade grade = finding_of(*this, one).grade;
    if (one.change == change && (!worst || *worst < grade)) worst = grade;
  }
  if (change != Change::comes) return worst;
  for (const scenarios::UnpairedState& state : only_in_b) std::ranges::for_each(b[state.set_up].graded, note);
  return worst;
}

std::vector<std::string> states_of(const CompareAnswer& answer, const ComparedPair& pair) {
  std::vector<std::string> names = pair.states.names;
  std::ranges::replace(names, std::string("."), answer.name_a);
  return names;
}

std::vector<ShownCrossing> shown_crossings(const ComparedPair& pair) {
  // What is lost for good first.
  constexpr std::array kGravestFirst{
      Property::no_lost_update,      Property::state_integrity,   Property::no_drift,
      Property::mutual_exclusion,    Property::exclusive_effects, Property::own_lock_only,
      Property::stale_lock_recovery, Property::lock_released,     Property::progress};
  static_assert(kGravestFirst.size() == checkers::PropertySet::of_backends().size());
  std::vector<ShownCrossing> shown;
  for (std::size_t i = 0; i < pair.judged.crossings.size(); ++i) {
    const scenarios::JudgedCrossing& judged = pair.judged.crossings[i];
    const checkers::PropertySet opened = judged.opens.empty() ? judged.opens_when_killed : judged.opens;
    const auto* const property =
        std::ranges::find_if(kGravestFirst, [&](Property candidate) { return opened.contains(candidate); });
    if (property == kGravestFirst.end()) continue;
    const auto world = std::ranges::find_if(judged.results, [&](const scenarios::VerifyResult& result) {
      const auto verdict = result.properties.find(*property);
      return verdict != result.properties.end() && verdict->second == scenarios::Verdict::violated;
    });
    if (world != judged.results.end())
      shown.push_back({i, static_cast<std::size_t>(world - judged.results.begin()), *property});
  }
  return shown;
}

std::string comparison_sentence(const CompareAnswer& answer, const ComparedPair* pair) {
  std::vector<Finding> goes;
  std::vector<Finding> comes;
  std::vector<Finding> unknown;
  for (const ComparedPair& one : answer.pairs) {
    if (pair != nullptr && pair != &one) continue;
    std::ranges::copy(those_that(one, Change::goes), std::back_inserter(goes));
    std::ranges::copy(those_that(one, Change::comes), std::back_inserter(comes));
    std::ranges::copy(those_that(one, Change::unknown), std::back_inserter(unknown));
  }
  std::string text = fmt::format("B turns {} and opens {}", count_text(goes), count_text(comes));
  if (goes.empty() && comes.empty() && unknown.empty()) text = "B turns nothing and opens nothing";
  if (!unknown.empty()) text += fmt::format("; of {} it is not known", count_text(unknown));
  return text + ".";
}

std::string text_comparison(const CompareAnswer& answer, const Style& style) {
  std::string out = style(Ink::bold, fmt::format("{} -> {}", scenarios::printable(answer.name_a),
                                                 scenarios::printable(answer.name_b))) +
                    "\n";
  const bool several = answer.pairs.size() > 1;
  if (!answer.pairs.empty()) out += paragraph(comparison_sentence(answer, nullptr), style);
  if (const std::string hazards = hazards_sentence(answer); !hazards.empty())
    out += paragraph(hazards, style);
  for (const ComparedPair& pair : answer.pairs) {
    if (several) out += "\n" + style(Ink::bold, states_text(answer, pair)) + "\n";
    out += side_lines(answer, pair, style);
    if (several) out += paragraph(comparison_sentence(answer, &pair), style);
    const std::string findings = finding_list(answer, pair, style);
    if (!findings.empty()) out += "\n" + style(Ink::bold, "Findings") + "\n" + findings;
    if (pair.plan) out += "\n" + text_roll_out(pair, style) + schedules(pair, style);
  }
  return out + text_compared_hazards(answer, style) + only_text(answer.only_in_a, answer.a, "A", style) +
         only_text(answer.only_in_b, answer.b, "B", style);
}

std::string short_comparison(const CompareAnswer& answer, const Style& style) {
  std::string out;
  for (const ComparedPair& pair : answer.pairs) {
    std::string line = fmt::format("{}: {}", states_text(answer, pair), comparison_sentence(answer, &pair));
    if (pair.judged.best)
      line += fmt::format(" Roll out {}.", order_text(*pair.plan, pair.plan->orders[*pair.judged.best]));
    out += paragraph(line, style);
  }
  if (const std::string hazards = hazards_sentence(answer); !hazards.empty())
    out += paragraph(hazards, style);
  return out;
}

}  // namespace lockstorm::reports
