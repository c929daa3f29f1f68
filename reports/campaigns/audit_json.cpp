#include <nlohmann/json.hpp>
#include <set>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/what_to_change.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/story/left_lock_story.hpp"
#include "scenarios/data/date.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::AuditFinding;
using scenarios::VerifyResult;
using Json = nlohmann::ordered_json;

Json place_json(const scenarios::SourceLocation& where) {
  if (where.file.empty()) return nullptr;
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Json states_json(const AuditAnswer& answer) {
  Json states = Json::array();
  for (const scenarios::AuditedState& state : answer.states) {
    Json one{{"path", state.directory.string()}, {"where", place_json(state.where)}};
    if (!state.completed_by.empty()) one["completed_by"] = state.completed_by;
    states.push_back(std::move(one));
  }
  return states;
}

// What findings point to is added to `reported`.
Json properties_json(const AuditAnswer& answer, std::set<std::size_t>& reported) {
  Json properties = Json::object();
  for (const AuditFinding& finding : answer.findings) {
    Json entry{{"verdict", scenarios::verdict_name(finding.verdict)}};
    if (finding.verdict != scenarios::Verdict::held) {
      entry["configuration"] = answer.results[finding.configuration].scenario.name;
      reported.insert(finding.configuration);
    }
    for (const std::size_t number : finding.also) {
      entry["also"].push_back(answer.results[number].scenario.name);
      reported.insert(number);
    }
    const VerifyResult* hardest = hardest_recovery(answer);
    if (finding.property == checkers::Property::stale_lock_recovery &&
        finding.verdict == scenarios::Verdict::held && hardest != nullptr) {
      entry["who_has_to_act"] = recovery_name(hardest->recovery);
      if (hardest->recovery == scenarios::Recovery::person)
        entry["command"] = recovery_command(hardest->scenario);
    }
    properties[std::string(checkers::property_name(finding.property))] = std::move(entry);
  }
  return properties;
}

std::string_view occurrence_key(scenarios::Occurrence occurrence) {
  constexpr auto kKeys = sim::text_for_each<scenarios::Occurrence>(
      {"every-day", "first-apply", "pipeline-fault", "outside-fault", "first-apply-fault", "several-faults",
       "operators-mistake"});
  return kKeys[static_cast<std::size_t>(occurrence)];
}

std::string_view harm_key(scenarios::Harm harm) {
  constexpr auto kKeys =
      sim::text_for_each<scenarios::Harm>({"state", "infrastructure", "protection", "lock-left", "refused"});
  return kKeys[static_cast<std::size_t>(harm)];
}

Json standing_json(const AuditAnswer& answer, std::size_t finding, std::size_t number) {
  const scenarios::AuditedState& state = answer.states[number];
  const scenarios::Standing standing = standing_of(answer, finding, number);
  Json one{{"path", state.directory.string()}};
  if (!state.completed_by.empty()) one["completed_by"] = state.completed_by;
  one["outcome"] = outcome_name(standing.outcome);
  one["fails"] = is_failure(standing.outcome);
  if (!standing.reason.empty()) one["reason"] = standing.reason;
  if (standing.expires) one["expires"] = scenarios::date_text(*standing.expires);
  if (!standing.where.file.empty()) one["decided_at"] = place_json(standing.where);
  one["where"] = place_json(state.where);
  return one;
}

Json findings_json(const AuditAnswer& answer) {
  Json findings = Json::array();
  for (std::size_t i = 0; i < answer.graded.size(); ++i) {
    const scenarios::Finding& finding = answer.graded[i];
    Json states = Json::array();
    for (std::size_t k = 0; k < answer.states.size(); ++k) states.push_back(standing_json(answer, i, k));
    findings.push_back({{"rule", finding.rule.id()},
                        {"grade", grade_name(finding.grade)},
                        {"property", checkers::property_name(finding.rule.property)},
                        {"cause", finding.rule.cause->name},
                        {"occurrence", occurrence_key(finding.occurrence)},
                        {"harm", harm_key(finding.harm)},
                        {"inherent", finding.is_inherent},
                        {"configuration", answer.results[finding.configuration].scenario.name},
                        {"sentence", finding_sentence(answer, finding)},
                        {"states", std::move(states)}});
  }
  return findings;
}

// One set-up; the results that people want to see of it are added to `results`.
Json audit_json(const AuditAnswer& answer, Json& results) {
  std::set<std::size_t> reported;
  Json properties = properties_json(answer, reported);
  Json configurations = Json::array();
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    configurations.push_back({{"name", result.scenario.name},
                              {"state", scenarios::configuration_state(result, answer.results.front())},
                              {"verdict", scenarios::verdict_name(result.verdict)},
                              {"complete", result.explored.complete},
                              {"states", result.explored.states},
                              {"checked", result.properties.size()}});
    if (reported.empty() || reported.contains(i)) results.push_back(json_result(result, "audit"));
  }
  return {{"path", answer.path},
          {"verdict", scenarios::verdict_name(scenarios::audit_verdict(answer.results))},
          {"tool", scenarios::tool_key(answer.plan.tool)},
          {"states", states_json(answer)},
          {"premise", answer.plan.premise},
          {"assumptions", answer.plan.assumptions},
          {"findings", findings_json(answer)},
          {"properties", std::move(properties)},
          {"configurations", std::move(configurations)},
          {"advice", what_to_change(answer)}};
}

Json causes_json(const std::vector<scenarios::pipeline::Cause>& all) {
  Json causes = Json::array();
  for (const scenarios::pipeline::Cause& cause : all) {
    Json one = place_json(cause.where);
    one["what"] = scenarios::printable(cause.what);
    causes.push_back(std::move(one));
  }
  return causes;
}

Json hazard_json(const ReportedHazard& hazard) {
  Json causes = causes_json(hazard.finding->hazard.causes);
  Json json{{"rule", hazard.finding->id()}, {"grade", grade_name(hazard.finding->grade)},
            {"job", hazard.job().name},     {"sentence", hazard_sentence(hazard)},
            {"fix", hazard.rule().fix},     {"outcome", outcome_name(hazard.standing.outcome)},
            {"fails", fails(hazard)},       {"where", place_json(hazard.finding->where)},
            {"causes", std::move(causes)}};
  if (hazard.shown_by != nullptr) json["brings"] = hazard.shown_by->rule.id();
  if (!hazard.standing.reason.empty()) json["reason"] = hazard.standing.reason;
  if (hazard.standing.expires) json["expires"] = scenarios::date_text(*hazard.standing.expires);
  if (!hazard.standing.where.file.empty()) json["decided_at"] = place_json(hazard.standing.where);
  return json;
}

// Two jobs that meet at a state.
Json meeting_json(const scenarios::pipeline::Pipeline& pipeline,
                  const scenarios::pipeline::JobMeeting& meeting, const MetJobs& met) {
  Json jobs = Json::array();
  for (const scenarios::pipeline::JobFleet& fleet : meeting.jobs) {
    const scenarios::pipeline::Job& job = pipeline.jobs[fleet.job];
    Json one{{"job", job.name},
             {"workflow", job.workflow},
             {"when", fleet.when},
             {"command", scenarios::printable(fleet.written)},
             {"runs", scenarios::commands_text(fleet.client)}};
    one["where"] = place_json(fleet.where);
    jobs.push_back(std::move(one));
  }
  return {{"jobs", std::move(jobs)},
          {"state", state_name(met.answer.states[meeting.state])},
          {"causes", causes_json(meeting.causes)}};
}

// What becomes of a finding in a state is decided by the hazard that it shows, not here.
Json met_json(const scenarios::pipeline::Pipeline& pipeline, const MetJobs& met, Json& results) {
  const AuditAnswer& answer = met.answer;
  Json meetings = Json::array();
  for (const scenarios::pipeline::JobMeeting& meeting : met.world.meetings)
    meetings.push_back(meeting_json(pipeline, meeting, met));
  Json findings = Json::array();
  std::set<std::size_t> shown;
  for (const Finding& finding : answer.graded) {
    shown.insert(finding.configuration);
    findings.push_back({{"rule", finding.rule.id()},
                        {"grade", grade_name(finding.grade)},
                        {"property", checkers::property_name(finding.rule.property)},
                        {"inherent", finding.is_inherent},
                        {"configuration", answer.results[finding.configuration].scenario.name},
                        {"sentence", finding_sentence(answer, finding)}});
  }
  Json configurations = Json::array();
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    configurations.push_back({{"name", result.scenario.name},
                              {"verdict", scenarios::verdict_name(result.verdict)},
                              {"complete", result.explored.complete},
                              {"states", result.explored.states}});
    if (shown.contains(i)) results.push_back(json_result(result, "audit"));
  }
  return {{"verdict", scenarios::verdict_name(scenarios::audit_verdict(answer.results))},
          {"backend", answer.plan.backend->summary()},
          {"meetings", std::move(meetings)},
          {"findings", std::move(findings)},
          {"configurations", std::move(configurations)}};
}

Json audited_pipeline_json(const RepositoryAnswer& answer, Json& results) {
  Json findings = Json::array();
  for (const ReportedHazard& one : reported_hazards(answer)) findings.push_back(hazard_json(one));
  Json met = Json::array();
  for (const MetJobs& one : answer.pipeline->met)
    met.push_back(met_json(answer.pipeline->answer.pipeline, one, results));
  return {{"files", answer.pipeline->answer.pipeline.files},
          {"assumptions", answer.pipeline->answer.pipeline.assumptions},
          {"findings", std::move(findings)},
          {"meetings", std::move(met)}};
}

}  // namespace

std::string json_repository(const RepositoryAnswer& answer) {
  Json results = Json::array();
  Json audits = Json::array();
  for (const AuditAnswer& one : answer.answers) audits.push_back(audit_json(one, results));
  Json pipeline;
  if (answer.pipeline) pipeline = audited_pipeline_json(answer, results);
  Json json{{"results", std::move(results)}};
  if (audits.size() == 1) {
    json["audit"] = std::move(audits.front());
  } else {
    json["audits"] = std::move(audits);
  }
  if (answer.pipeline) json["pipeline"] = std::move(pipeline);
  for (const scenarios::LeftOut& one : answer.left_out)
    json["left_out"].push_back({{"path", one.directory.string()}, {"why", one.why}});
  for (const scenarios::InputError& one : answer.complaints) {
    json["complaints"].push_back({{"where", place_json(one.where)},
                                  {"problem", scenarios::printable(one.problem)},
                                  {"expected", scenarios::printable(one.expected)}});
  }
  return json_text(json);
}

}  // namespace lockstorm::reports
