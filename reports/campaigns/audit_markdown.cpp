// Markdown of an audit: the verdict, findings by grade, what was taken for granted, what to change, and every
// counterexample folded below.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markdown.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Grade;
using scenarios::Verdict;

constexpr Style kInBlock{.colour = false, .width = 100};
// GitHub drops a summary of more than 1 MiB, GitLab a comment of more than 1 000 000 characters.
constexpr std::size_t kMostBytes = 900'000;
constexpr std::size_t kMostRows = 100;
constexpr std::size_t kMostSetUps = 25;
constexpr std::size_t kShownNames = 4;

// A finding and the states of its set-up that have the same standing.
struct Row {
  const Reported* first = nullptr;
  std::vector<const scenarios::AuditedState*> states;
};

std::vector<Row> rows_of(const std::vector<Reported>& all) {
  std::vector<Row> rows;
  std::map<std::pair<const Finding*, std::string>, std::size_t> numbers;
  for (const Reported& one : all) {
    if (one.finding->is_inherent) continue;
    const auto [known, is_new] = numbers.try_emplace({one.finding, standing_text(one.standing)}, rows.size());
    if (is_new) rows.push_back({&one, {}});
    rows[known->second].states.push_back(one.state);
  }
  return rows;
}

std::string_view light_of(Grade grade) {
  constexpr auto kLights = sim::text_for_each<Grade>({"⚪", "🔵", "🟡", "🟠", "🔴"});
  return kLights[static_cast<std::size_t>(grade)];
}

std::string state_names(const std::vector<const scenarios::AuditedState*>& states) {
  std::vector<std::string> names;
  for (const scenarios::AuditedState* state : states) names.push_back(markdown_code(state_name(*state)));
  return first_few(std::move(names), kShownNames);
}

std::string row_text(const Row& row) {
  const Reported& one = *row.first;
  return fmt::format("| {} {}, {} | {} | {} | {} |\n", light_of(one.finding->grade),
                     grade_name(one.finding->grade), markdown_text(standing_text(one.standing)),
                     markdown_code(one.finding->rule.id()),
                     markdown_prose(told_sentence(*one.answer, *one.finding)), state_names(row.states));
}

std::string heading(const RepositoryAnswer& answer, const std::vector<Reported>& all,
                    const std::vector<ReportedHazard>& hazards) {
  const std::size_t failures =
      failing(all).size() + static_cast<std::size_t>(std::ranges::count_if(hazards, fails));
  const Verdict verdict = answer.verdict();
  const bool is_decided = verdict == Verdict::held || verdict == Verdict::violated;
  const std::string sign = failures > 0                 ? "❌ fails the audit"
                           : !answer.complaints.empty() ? "⚠️ not all of it could be read"
                           : !is_decided                ? "❔ " + std::string(verdict_name(verdict))
                                                        : "✅ passes the audit";
  return fmt::format("## Lockstorm: {} {}\n\n{}, {}: {}; {} the audit.\n", markdown_code(answer.path), sign,
                     counted(answer.states(), "state"), counted(answer.answers.size(), "set-up"),
                     grades_text(answer.graded(), answer.hazard_grades()),
                     failures == 1 ? "1 fails" : fmt::format("{} fail", failures));
}

std::string hazard_row(const ReportedHazard& one) {
  const std::string on = hazard_on_backend(one);
  return fmt::format("| {} {}, {} | {} | {} | {} |\n", light_of(one.finding->grade),
                     grade_name(one.finding->grade), markdown_text(standing_text(one.standing)),
                     markdown_code(one.finding->id()),
                     markdown_prose(hazard_sentence(one) + (on.empty() ? "" : " " + on)),
                     markdown_code(fmt::format("{}:{}", one.where.file, one.where.line)));
}

std::string findings_table(const std::vector<Row>& rows, const std::vector<ReportedHazard>& hazards) {
  if (rows.empty() && hazards.empty()) return {};
  std::string out = "\n| grade | rule | what happens | where |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) out += row_text(rows[i]);
  for (std::size_t i = 0; i < std::min(hazards.size(), kMostRows); ++i) out += hazard_row(hazards[i]);
  const std::size_t left =
      rows.size() - std::min(rows.size(), kMostRows) + hazards.size() - std::min(hazards.size(), kMostRows);
  if (left > 0) out += fmt::format("\n{} more rows.\n", left);
  return out;
}

// Told once, whatever the number of set-ups.
std::string inherent(const std::vector<Reported>& all) {
  std::vector<std::string> ids;
  for (const Reported& one : all) {
    const std::string id = markdown_code(one.finding->rule.id());
    if (one.finding->is_inherent && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  return ids.empty() ? "" : fmt::format("\nInherent, on every backend: {}.\n", fmt::join(ids, ", "));
}

// What set-ups say, under a title; several set-ups are told apart by their states.
template <class Lines>
std::string by_set_up(std::string_view title, const RepositoryAnswer& answer, const Lines& lines_of) {
  std::string body;
  std::size_t told = 0;
  for (const AuditAnswer& one : answer.answers) {
    std::string lines;
    for (const std::string& line : lines_of(one)) lines += "- " + markdown_prose(line) + "\n";
    if (lines.empty() || ++told > kMostSetUps) continue;
    if (answer.answers.size() > 1) body += "\n" + markdown_text(some_states(one)) + ":\n";
    body += "\n" + lines;
  }
  if (told > kMostSetUps) body += fmt::format("\nand in {} more set-ups.\n", told - kMostSetUps);
  return body.empty() ? "" : fmt::format("\n### {}\n{}", title, body);
}

std::vector<std::string> granted(const AuditAnswer& answer) {
  std::vector<std::string> lines;
  if (!answer.plan.premise.empty()) lines.push_back("premise: " + answer.plan.premise);
  lines.insert(lines.end(), answer.plan.assumptions.begin(), answer.plan.assumptions.end());
  return lines;
}

// Each fix once, whatever the number of jobs that want it.
std::string pipeline_changes(const std::vector<ReportedHazard>& hazards) {
  std::string lines;
  std::set<std::string> told;
  for (const ReportedHazard& one : hazards) {
    if (told.insert(one.finding->id()).second)
      lines += fmt::format("- {}: {}\n", markdown_code(one.finding->id()),
                           markdown_prose(std::string(one.rule().fix)));
  }
  return lines.empty() ? "" : "\n### What to change in the pipeline\n\n" + lines;
}

std::string unread(const RepositoryAnswer& answer) {
  std::string out;
  for (const scenarios::InputError& one : answer.complaints) out += "\n" + markdown_block(one.render());
  return out.empty() ? "" : "\n### What could not be audited\n" + out;
}

std::string folded(const Row& row) {
  const Reported& one = *row.first;
  const scenarios::Counterexample* run = shown_run(*one.answer, *one.finding);
  if (run == nullptr) return {};
  const scenarios::VerifyResult& result = one.answer->results[one.finding->configuration];
  return fmt::format("\n<details><summary><code>{}</code> {}</summary>\n\n{}\n</details>\n",
                     markdown_text(one.finding->rule.id()),
                     markdown_text(told_sentence(*one.answer, *one.finding)),
                     markdown_block(text_counterexample(result, *run, kInBlock)));
}

}  // namespace

std::string markdown_repository(const RepositoryAnswer& answer) {
  const std::vector<Reported> all = reported(answer);
  const std::vector<Row> rows = rows_of(all);
  const std::vector<ReportedHazard> hazards = reported_hazards(answer);
  std::string out =
      heading(answer, all, hazards) + findings_table(rows, hazards) + inherent(all) + unread(answer);
  out += by_set_up("Taken for granted", answer, granted);
  out += by_set_up("What to change", answer, what_to_change);
  out += pipeline_changes(hazards);
  std::string runs;
  std::size_t left_out = 0;
  std::set<const Finding*> told;
  for (const Row& row : rows) {
    if (!told.insert(row.first->finding).second) continue;
    const std::string one = folded(row);
    if (out.size() + runs.size() + one.size() > kMostBytes) {
      ++left_out;
    } else {
      runs += one;
    }
  }
  if (!runs.empty()) out += "\n### Counterexamples\n" + runs;
  if (left_out > 0)
    out += fmt::format("\n{} more, for which there is no room here; `--html` has them all.\n",
                       counted(left_out, "counterexample"));
  return out;
}

}  // namespace lockstorm::reports
