#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/pipeline/cancel.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using Json = nlohmann::ordered_json;

Json place_json(const scenarios::SourceLocation& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Json serialiser_json(const pl::Serialiser& held) {
  constexpr auto kWaiting =
      sim::text_for_each<pl::Waiting>({"all", "newest", "newest of the branch", "refused", "any order"});
  return {{"kind", pl::keeper_name(held.keeper)},
          {"key", held.key.text},
          {"written", held.written},
          {"place", place_json(held.where)},
          {"new_in_each_run", held.key.is_fresh},
          {"waiting", kWaiting[static_cast<std::size_t>(held.waiting)]},
          {"newer_cancels_running", held.cancels_running},
          {"assumed", held.is_assumed}};
}

std::string_view hears_word(pl::Hears hears) {
  constexpr auto kHears = sim::text_for_each<pl::Hears>(
      {"nothing", "nothing, unseen", "one interrupt", "one interrupt, then a kill", "two interrupts"});
  return kHears[static_cast<std::size_t>(hears)];
}

// What its configuration says of the lock; null is unknown.
void add_lock(const pl::StateFacts& facts, Json& state) {
  state["backend"] = facts.backend.empty() ? Json(nullptr) : Json(facts.backend);
  state["has_lock"] =
      facts.lock == pl::StateLock::unknown ? Json(nullptr) : Json(facts.lock == pl::StateLock::locks);
  if (facts.lock == pl::StateLock::unknown) {
    state["unknown_because"] = facts.why_unknown;
    return;
  }
  constexpr auto kForceUnlock =
      sim::text_for_each<pl::ForceUnlock>({"unknown", "the lock with its id", "any lock", "nothing"});
  state["lock_ends_by_itself"] = !facts.lock_ends.empty();
  state["force_unlock_removes"] = kForceUnlock[static_cast<std::size_t>(facts.force_unlock)];
}

Json command_json(const PipelineAnswer& answer, const pl::Job& job, const pl::Command& command) {
  constexpr auto kPositions =
      sim::text_for_each<pl::Position>({"step", "after failure or cancel", "when the tool failed"});
  Json json{{"does", pl::verb_name(command.verb)},
            {"written", command.written},
            {"place", place_json(command.where)},
            {"state",
             {{"directory", command.state.directory},
              {"key", command.state.key},
              {"workspace", command.state.workspace},
              {"known", command.state.is_known}}},
            {"lock", command.locks},
            {"position", kPositions[static_cast<std::size_t>(command.position)]}};
  if (answer.facts) add_lock(answer.facts(command.state), json["state"]);
  if (command.lock_timeout) json["lock_timeout_seconds"] = command.lock_timeout->count();
  if (command.applies_plan_file) json["saved_plan"] = command.plan_file;
  if (!pl::removes_lock(command.verb)) {
    json["cancel"] = {{"hears", hears_word(command.hears)},
                      {"chain", pl::chain_of_cancel(job.system, command.links, job.cleanup_waits_for_tool)}};
  }
  return json;
}

Json job_json(const PipelineAnswer& answer, const pl::Job& job) {
  Json json{{"system", pl::system_name(job.system)}, {"workflow", job.workflow}, {"job", job.name},
            {"place", place_json(job.where)},        {"starts", job.starts},     {"needs", job.needs}};
  if (!job.environment.empty()) json["environment"] = job.environment;
  if (job.limit.length.count() > 0) json["time_limit_minutes"] = job.limit.length.count();
  json["runs"] = Json::array();
  for (const pl::JobRun& run : job.runs) {
    Json one{{"when", run.when}};
    if (!run.leg.empty()) one["leg"] = run.leg;
    one["kept_apart_by"] = Json::array();
    for (const pl::Serialiser& held : run.serialisers) one["kept_apart_by"].push_back(serialiser_json(held));
    one["commands"] = Json::array();
    for (const pl::Command& command : run.commands)
      one["commands"].push_back(command_json(answer, job, command));
    json["runs"].push_back(std::move(one));
  }
  json["unknown"] = job.unknown;
  return json;
}

Json hazard_json(const PipelineAnswer& answer, const pl::Hazard& hazard) {
  const pl::HazardRule& rule = pl::hazard_rule(hazard.number);
  Json json{{"id", pl::hazard_id(hazard.number)},
            {"name", rule.name},
            {"title", rule.title},
            {"severity", pl::severity_name(hazard.severity)},
            {"job", answer.pipeline.jobs[hazard.job].name},
            {"why", hazard.why},
            {"happens", rule.happens},
            {"fix", rule.fix},
            {"in_model", rule.in_model}};
  if (hazard.is_assumed) json["assumed"] = hazard.assumption;
  if (hazard.standing == pl::Standing::part_of_another) json["part_of"] = pl::hazard_id(hazard.part_of);
  json["causes"] = Json::array();
  for (const pl::Cause& cause : hazard.causes) {
    Json place = place_json(cause.where);
    place["what"] = cause.what;
    json["causes"].push_back(std::move(place));
  }
  return json;
}

}  // namespace

std::string json_pipeline(const PipelineAnswer& answer) {
  Json document;
  document["lockstorm"] = kVersion;
  document["path"] = answer.path;
  document["files"] = answer.pipeline.files;
  document["assumptions"] = answer.pipeline.assumptions;
  document["errors"] = Json::array();
  for (const scenarios::InputError& error : answer.pipeline.complaints) {
    Json one = place_json(error.where);
    one["problem"] = error.problem;
    document["errors"].push_back(std::move(one));
  }
  document["jobs"] = Json::array();
  for (const pl::Job& job : answer.pipeline.jobs) document["jobs"].push_back(job_json(answer, job));
  document["hazards"] = Json::array();
  document["also"] = Json::array();
  for (const pl::Hazard& hazard : answer.hazards)
    document[hazard.standing == pl::Standing::reported ? "hazards" : "also"].push_back(
        hazard_json(answer, hazard));
  return json_text(document);
}

}  // namespace lockstorm::reports
