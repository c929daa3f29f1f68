// Hazards of two pipelines compared, in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/campaigns/compare_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using pl::ComparedHazard;
using scenarios::Change;
using scenarios::Grade;
using scenarios::printable;

constexpr std::size_t kHazardIndent = 18;

std::vector<Grade> grades_that(const CompareAnswer& answer, Change change) {
  std::vector<Grade> grades;
  for (const ComparedHazard& one : answer.hazards)
    if (one.change == change) grades.push_back(finding_of(answer, one).grade);
  return grades;
}

// "2 hazards come (1 high, 1 medium)"; "no hazard goes".
std::string number_that(const CompareAnswer& answer, Change change, std::string_view one_does,
                        std::string_view several_do) {
  const std::vector<Grade> grades = grades_that(answer, change);
  if (grades.empty()) return fmt::format("no hazard {}", one_does);
  return fmt::format("{} {} ({})", counted(grades.size(), "hazard"),
                     grades.size() == 1 ? one_does : several_do, grades_text({}, grades));
}

std::string hazard_entry(const CompareAnswer& answer, const ComparedHazard& one, const Style& style) {
  const pl::HazardFinding& finding = finding_of(answer, one);
  std::string out =
      "  " + pad(one.change == Change::comes ? "comes" : "goes", 7) +
      style(grade_ink(finding.grade), pad(std::string(grade_name(finding.grade)), 9)) +
      fmt::format("{}  {}:{}\n", finding.id(), printable(finding.where.file), finding.where.line);
  out += paragraph(hazard_sentence(answer, one), style, kHazardIndent);
  for (const pl::Cause& cause : finding.hazard.causes)
    out += paragraph(fmt::format("{}:{}:{}: {}", printable(cause.where.file), cause.where.line,
                                 cause.where.column, printable(cause.what)),
                     style, kHazardIndent + 2, std::string(kHazardIndent, ' ') + "-");
  return out;
}

}  // namespace

const pl::HazardFinding& finding_of(const CompareAnswer& answer, const ComparedHazard& hazard) {
  const auto& side = hazard.side == scenarios::Side::a ? answer.pipeline_a : answer.pipeline_b;
  return side.value().findings[hazard.number];
}

const pl::Job& job_of(const CompareAnswer& answer, const ComparedHazard& hazard) {
  const auto& side = hazard.side == scenarios::Side::a ? answer.pipeline_a : answer.pipeline_b;
  return side.value().answer.pipeline.jobs[finding_of(answer, hazard).hazard.job];
}

std::string hazard_sentence(const CompareAnswer& answer, const ComparedHazard& hazard) {
  const pl::Hazard& one = finding_of(answer, hazard).hazard;
  std::string text = fmt::format("{}: {}.", pl::hazard_rule(one.number).title, printable(one.why));
  if (one.is_assumed) text += fmt::format(" Assumed: {}.", printable(one.assumption));
  if (hazard.change == Change::comes && hazard.elsewhere)
    text += fmt::format(" It was {} before.", grade_name(*hazard.elsewhere));
  return text;
}

std::string hazards_sentence(const CompareAnswer& answer) {
  if (!answer.pipeline_a && !answer.pipeline_b) return {};
  const std::string comes = number_that(answer, Change::comes, "comes", "come");
  const std::string goes = number_that(answer, Change::goes, "goes", "go");
  return fmt::format("In the CI files {}, and {}.", comes, goes);
}

std::string text_compared_hazards(const CompareAnswer& answer, const Style& style) {
  if (answer.hazards.empty()) return {};
  std::string out = "\n" + style(Ink::bold, "The pipeline") + "\n";
  std::vector<std::string> stay;
  for (const ComparedHazard& one : answer.hazards) {
    if (one.change != Change::stays) {
      out += hazard_entry(answer, one, style);
    } else if (std::string id = finding_of(answer, one).id(); std::ranges::find(stay, id) == stay.end()) {
      stay.push_back(std::move(id));
    }
  }
  if (!stay.empty()) {
    const std::vector<Grade> grades = grades_that(answer, Change::stays);
    out += paragraph(fmt::format("{} ({}): {}", counted(grades.size(), "hazard"), grades_text({}, grades),
                                 fmt::join(stay, ", ")),
                     style, 9, "  stays  ");
  }
  return out;
}

}  // namespace lockstorm::reports
