#include "reports/campaigns/sarif_rule.hpp"

#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "reports/campaigns/rule_page.hpp"
#include "reports/ci/sarif_parts.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Grade;
using scenarios::Rule;
using Json = nlohmann::ordered_json;

// GitHub's bounds between severities are 4.0, 7.0 and above 9.0; GitLab's are 1.0, 4.0, 7.0 and 9.0.
std::string_view severity_of(Grade grade) {
  constexpr auto kSeverities = sim::text_for_each<Grade>({"0.5", "3.0", "5.5", "8.0", "9.5"});
  return kSeverities[static_cast<std::size_t>(grade)];
}

// "OwnLockOnlyLateRequest": what a rule is called besides its id.
std::string rule_name(const Rule& rule) {
  std::string name;
  bool is_first = true;
  for (const char c : fmt::format("{} {}", checkers::property_name(rule.property), rule.cause->name)) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) name += is_first ? static_cast<char>(std::toupper(letter)) : c;
    is_first = std::isalnum(letter) == 0;
  }
  return name;
}

}  // namespace

std::string_view sarif_level(Grade grade) {
  constexpr auto kLevels = sim::text_for_each<Grade>({"note", "note", "warning", "error", "error"});
  return kLevels[static_cast<std::size_t>(grade)];
}

Json sarif_rule(const AuditAnswer& answer, const Finding& finding) {
  const Rule& rule = finding.rule;
  const std::string help = rule_help(rule, &answer.results[finding.configuration]);
  Json tags = {"security", "terraform-state", rule.backend->name, checkers::property_name(rule.property)};
  if (finding.is_inherent) tags.push_back("inherent");
  return {{"id", rule.id()},
          {"name", rule_name(rule)},
          {"shortDescription", sarif_message(rule_title(rule))},
          {"fullDescription", sarif_message(rule_summary(rule))},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", sarif_level(finding.grade)}}},
          {"properties",
           {{"tags", std::move(tags)},
            {"precision", "very-high"},
            {"security-severity", severity_of(finding.grade)},
            {"grade", grade_name(finding.grade)}}}};
}

Json sarif_hazard_rule(const ReportedHazard& hazard) {
  const scenarios::pipeline::HazardRule& rule = hazard.rule();
  const std::string help = hazard_page(hazard.finding->hazard.number);
  const Grade grade = hazard.finding->grade;
  return {{"id", hazard.finding->id()},
          {"name", rule.name},
          {"shortDescription", sarif_message(rule.title)},
          {"fullDescription", sarif_message(rule.happens)},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", sarif_level(grade)}}},
          {"properties",
           {{"tags", {"security", "terraform-state", "pipeline"}},
            {"precision", "high"},
            {"security-severity", severity_of(grade)},
            {"grade", grade_name(grade)}}}};
}

}  // namespace lockstorm::reports
