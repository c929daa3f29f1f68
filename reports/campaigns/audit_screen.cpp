// The screen that an audit prints by itself: what matters most, what to change, and where the rest is.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/gate_words.hpp"
#include "reports/campaigns/met_jobs.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Grade;
using scenarios::Verdict;

constexpr std::size_t kLines = 25;
constexpr std::size_t kShownFindings = 3;
constexpr std::size_t kIndent = 9;

// A finding of a set-up; or a hazard of the pipeline.
struct Shown {
  const AuditAnswer* answer = nullptr;
  const Finding* finding = nullptr;
  const ReportedHazard* hazard = nullptr;
  bool fails = false;  ///< it is why the audit does not pass

  [[nodiscard]] Grade grade() const { return hazard != nullptr ? hazard->finding->grade : finding->grade; }
  [[nodiscard]] std::string id() const {
    return hazard != nullptr ? hazard->finding->id() : finding->rule.id();
  }
  // What is alike otherwise stands in this order: hazards behind what happens every day, before all else.
  [[nodiscard]] int rank() const { return hazard != nullptr ? 1 : 2 * static_cast<int>(finding->occurrence); }
  [[nodiscard]] std::size_t states() const { return hazard != nullptr ? 1 : answer->states.size(); }
};

// What fails first, and then what is worst. What one cause does to several properties of a set-up is one
// line, told by the first of them.
std::vector<Shown> worst_first(const RepositoryAnswer& answer, const std::vector<ReportedHazard>& hazards) {
  std::vector<Shown> all;
  for (const AuditAnswer& one : answer.answers) {
    for (const Finding& finding : one.graded) {
      if (!finding.is_inherent) all.push_back({&one, &finding, nullptr, fails_somewhere(one, finding)});
    }
  }
  for (const ReportedHazard& hazard : hazards) all.push_back({nullptr, nullptr, &hazard, fails(hazard)});
  std::ranges::stable_sort(all, [](const Shown& a, const Shown& b) {
    return std::tuple(a.fails, a.grade(), b.rank(), a.states()) >
           std::tuple(b.fails, b.grade(), a.rank(), b.states());
  });
  std::set<std::pair<const AuditAnswer*, unsigned>> told;
  std::erase_if(all, [&](const Shown& shown) {
    return shown.hazard == nullptr && !told.emplace(shown.answer, shown.finding->rule.cause->number).second;
  });
  return all;
}

// The other rules of the same cause: "also LS-S3-410".
std::string companions(const Shown& shown) {
  std::vector<std::string> ids;
  for (const Finding& other : shown.answer->graded) {
    if (&other != shown.finding && other.rule.cause == shown.finding->rule.cause && !other.is_inherent)
      ids.push_back(other.rule.id());
  }
  return ids.empty() ? "" : fmt::format(" (also {})", fmt::join(ids, ", "));
}

std::string hazard_lines(const ReportedHazard& hazard, const Style& style) {
  const Grade grade = hazard.finding->grade;
  std::string text = hazard_sentence(hazard) + " " + hazard_on_backend(hazard);
  if (hazard.standing.outcome != scenarios::Outcome::fails &&
      hazard.standing.outcome != scenarios::Outcome::below)
    text += fmt::format(" ({})", standing_text(hazard.standing));
  return paragraph(fmt::format("{}  {}:{}", hazard.finding->id(), scenarios::printable(hazard.where.file),
                               hazard.where.line),
                   style, kIndent, style(grade_ink(grade), pad(std::string(grade_name(grade)), kIndent))) +
         paragraph(text, style, kIndent);
}

std::string finding_lines(const Shown& shown, bool several, const Style& style) {
  if (shown.hazard != nullptr) return hazard_lines(*shown.hazard, style);
  const Finding& finding = *shown.finding;
  const std::string grade =
      style(grade_ink(finding.grade), pad(std::string(grade_name(finding.grade)), kIndent));
  std::string out = paragraph(fmt::format("{}  {}{}", finding.rule.id(),
                                          checkers::property_name(finding.rule.property), companions(shown)),
                              style, kIndent, grade);
  std::string text = finding_sentence(*shown.answer, finding);
  const std::string& premise = shown.answer->plan.premise;
  if (several)
    text += fmt::format(" In {}{}{}.", some_states(*shown.answer), premise.empty() ? "" : ", if ", premise);
  if (const std::string standing = standing_text(*shown.answer, finding); !standing.empty())
    text += fmt::format(" ({})", standing);
  return out + paragraph(text, style, kIndent);
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::string head(const RepositoryAnswer& answer, const Style& style) {
  std::string out = verdict_line(answer, style);
  if (answer.answers.size() == 1) {
    const AuditAnswer& one = answer.answers.front();
    out += paragraph(summary_text(one), style);
    if (!one.plan.premise.empty()) out += paragraph("Premise: " + one.plan.premise + ".", style);
    if (!one.plan.assumptions.empty())
      out += paragraph(fmt::format("Taken for granted: {}.", fmt::join(one.plan.assumptions, "; ")), style);
  } else {
    out +=
        fmt::format("{}, {}\n", counted(answer.states(), "state"), counted(answer.answers.size(), "set-up"));
  }
  return out;
}

// Advice of the set-ups, those of the worst first, each once.
std::vector<std::string> advice_of(const RepositoryAnswer& answer, const std::vector<Shown>& worst) {
  std::vector<std::string> all;
  const auto add = [&](const AuditAnswer& one) {
    for (const std::string& advice : what_to_change(one)) {
      if (std::ranges::find(all, advice) == all.end()) all.push_back(advice);
    }
  };
  for (const Shown& shown : worst) {
    if (shown.hazard == nullptr) {
      add(*shown.answer);
      continue;
    }
    std::string fix = fmt::format("{}: {}.", shown.id(), shown.hazard->rule().fix);
    if (std::ranges::find(all, fix) == all.end()) all.push_back(std::move(fix));
  }
  for (const AuditAnswer& one : answer.answers) add(one);
  return all;
}

// What no backend can prevent is told once, whatever the number of set-ups.
std::string inherent_text(const RepositoryAnswer& answer, const Style& style) {
  std::vector<std::string> ids;
  for (const AuditAnswer& one : answer.answers) {
    for (const Finding& finding : one.graded) {
      if (finding.is_inherent && std::ranges::find(ids, finding.rule.id()) == ids.end())
        ids.push_back(finding.rule.id());
    }
  }
  if (ids.empty()) return {};
  return paragraph(fmt::format("Inherent ({}): a job that is killed between creating a resource and saving "
                               "the state takes what it knows with it, on every backend.",
                               fmt::join(ids, ", ")),
                   style);
}

std::string where_the_rest_is(const RepositoryAnswer& answer, const std::vector<Shown>& worst,
                              std::size_t shown) {
  const std::string met = answer.pipeline ? met_jobs_sentence(*answer.pipeline) : "";
  if (worst.empty()) return "`--details` shows what was proved, and within which bounds." + met;
  std::string text = worst.size() > shown ? fmt::format("{} more, and every run: `--details`.",
                                                        counted(worst.size() - shown, "cause"))
                                          : std::string("Every run: `--details`.");
  text += fmt::format(" One finding: `--explain {}`.", worst.front().id());
  text += met;
  if (!answer.left_out.empty()) text += fmt::format(" Directories left out: {}.", answer.left_out.size());
  return text;
}

}  // namespace

std::string gate_paragraph(const RepositoryAnswer& answer, const Style& style) {
  return in_colour(paragraph(gate_text(answer), style), style);
}

std::string verdict_line(const RepositoryAnswer& answer, const Style& style) {
  const Verdict verdict = answer.verdict();
  return fmt::format("{}: {}, {}\n", style(Ink::bold, scenarios::printable(answer.path)),
                     style(Style::ink_of(verdict), verdict_name(verdict)),
                     grades_text(answer.graded(), answer.hazard_grades()));
}

std::string quiet_repository(const RepositoryAnswer& answer, const Style& style) {
  std::string line = verdict_line(answer, style);
  line.pop_back();
  return fmt::format("{}. {}\n", line, in_colour(gate_text(answer), style));
}

std::string screen_repository(const RepositoryAnswer& answer, const Style& style) {
  const std::vector<ReportedHazard> hazards = reported_hazards(answer);
  const std::vector<Shown> worst = worst_first(answer, hazards);
  std::vector<std::string> changes;
  for (const std::string& advice : advice_of(answer, worst))
    changes.push_back(paragraph(advice, style, 4, "  - "));
  std::string out;
  std::string rest;
  // What decides is said whatever it takes, and the first thing to change; then there is room for fewer
  // findings.
  constexpr std::size_t kHeadingLines = 2;
  const std::size_t least = changes.empty() ? 0 : kHeadingLines + lines_in(changes.front());
  for (std::size_t shown = std::min(worst.size(), kShownFindings);; --shown) {
    out = head(answer, style) + (shown > 0 ? "\n" : "");
    for (std::size_t i = 0; i < shown; ++i) out += finding_lines(worst[i], answer.answers.size() > 1, style);
    rest = "\n" + inherent_text(answer, style) + paragraph(where_the_rest_is(answer, worst, shown), style) +
           gate_paragraph(answer, style);
    if (shown <= 1 || lines_in(out) + least + lines_in(rest) <= kLines) break;
  }
  std::string listed;
  for (const std::string& item : changes) {
    if (lines_in(out) + kHeadingLines + lines_in(listed) + lines_in(item) + lines_in(rest) > kLines) break;
    listed += item;
  }
  if (!listed.empty()) out += "\n" + style(Ink::bold, "What to change") + "\n" + listed;
  return out + rest;
}

}  // namespace lockstorm::reports
