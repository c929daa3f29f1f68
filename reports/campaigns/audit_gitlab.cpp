// GitLab's code quality report, the part of Code Climate's format that its documentation asks for.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Grade;
using scenarios::Outcome;

std::string_view gitlab_severity(Grade grade) {
  constexpr auto kNames = sim::text_for_each<Grade>({"info", "minor", "major", "critical", "blocker"});
  return kNames[static_cast<std::size_t>(grade)];
}

// The report has no way to say that somebody has accepted a finding, or that nobody can help it.
bool is_left_out(const Reported& one) {
  return one.standing.outcome == Outcome::accepted || one.finding->is_inherent;
}

// One line in a merge request.
std::string description_of(const Reported& one) {
  std::string text = told_sentence(*one.answer, *one.finding);
  if (!one.state->completed_by.empty() || one.answer->states.size() > 1)
    text = fmt::format("{}: {}", state_name(*one.state), text);
  if (one.standing.outcome == Outcome::expired) text += fmt::format(" It {}.", standing_text(one.standing));
  return scenarios::printable(text);
}

}  // namespace

std::string gitlab_repository(const RepositoryAnswer& answer) {
  Json report = Json::array();
  for (const Reported& one : reported(answer)) {
    if (is_left_out(one)) continue;
    report.push_back(
        {{"description", description_of(one)},
         {"check_name", one.finding->rule.id()},
         {"fingerprint", one.fingerprint()},
         {"severity", gitlab_severity(one.finding->grade)},
         {"location",
          {{"path", scenarios::printable(one.where.file)}, {"lines", {{"begin", one.where.line}}}}}});
  }
  for (const ReportedHazard& one : reported_hazards(answer)) {
    if (one.standing.outcome == Outcome::accepted) continue;
    report.push_back(
        {{"description", scenarios::printable(hazard_sentence(one) + " " + hazard_on_backend(one))},
         {"check_name", one.finding->id()},
         {"fingerprint", one.fingerprint()},
         {"severity", gitlab_severity(one.finding->grade)},
         {"location",
          {{"path", scenarios::printable(one.where.file)}, {"lines", {{"begin", one.where.line}}}}}});
  }
  return json_text(report);
}

}  // namespace lockstorm::reports
