#include <nlohmann/json.hpp>

#include "reports/contend/contend_report.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

Json estimate_json(const scenarios::Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

constexpr std::string_view group_name(scenarios::Group group) {
  switch (group) {
    case scenarios::Group::none:
      return "none";
    case scenarios::Group::queue:
      return "queue";
    case scenarios::Group::newest:
      return "newest";
  }
  return "";
}

Json histogram_json(const scenarios::WaitHistogram& histogram) {
  Json bins = Json::array();
  for (const auto& bin : histogram.bins())
    bins.push_back({{"from_s", static_cast<double>(bin.from_us) / 1e6},
                    {"to_s", static_cast<double>(bin.to_us) / 1e6},
                    {"jobs", bin.count}});
  return bins;
}

Json stuck_json(const scenarios::ContendResult& result) {
  Json json{{"run", result.first_cut_off + 1}, {"jobs", result.stuck->waiting}};
  if (result.stuck->job) json["waits"] = *result.stuck->job + 1;
  if (result.stuck->for_) json["for"] = *result.stuck->for_ + 1;
  json["holder_is_dead"] = result.stuck->holder_is_dead;
  if (result.stuck->is_crowded) json["too_many_at_once"] = true;
  return json;
}

constexpr std::string_view proof_name(scenarios::SafetyProof::Answer answer) {
  switch (answer) {
    case scenarios::SafetyProof::Answer::held:
      return "held";
    case scenarios::SafetyProof::Answer::possible:
      return "possible";
    case scenarios::SafetyProof::Answer::unknown:
      return "unknown";
  }
  return "";
}

Json safety_json(const scenarios::SafetyEstimate& estimate) {
  Json json{{"property", checkers::property_name(estimate.property)},
            {"runs_violated", estimate.runs_violated},
            {"violations", estimate.violations},
            {"watched_s", estimate.watched_s}};
  if (estimate.runs_violated > 0) {
    json["first_run"] = estimate.first_run + 1;
    json["first_s"] = estimate_json(estimate.first_s);
  } else {
    json["longer_than_s"] = estimate.first_s.low;
  }
  if (estimate.proof)
    json["proof"] = {{"answer", proof_name(estimate.proof->answer)}, {"states", estimate.proof->states}};
  return json;
}

constexpr std::string_view bound_name(sim::Overtaking::Answer answer) {
  using Answer = sim::Overtaking::Answer;
  switch (answer) {
    case Answer::unknown:
      return "unknown";
    case Answer::bounded:
      return "bounded";
    case Answer::asleep:
      return "unbounded_asleep";
    case Answer::unbounded:
      return "unbounded";
  }
  return "";
}

constexpr std::string_view step_name(scenarios::CircleStep::What what) {
  using What = scenarios::CircleStep::What;
  switch (what) {
    case What::waiter_in_vain:
      return "asks_in_vain";
    case What::other_granted:
      return "other_granted";
    case What::other_released:
      return "other_released";
  }
  return "";
}

Json overtaking_json(const scenarios::OvertakingProof& proof) {
  Json json{{"answer", bound_name(proof.for_ever)}, {"states", proof.states}};
  if (proof.for_ever == sim::Overtaking::Answer::bounded) json["most"] = proof.most;
  if (!proof.circle.empty()) {
    json["steps_before"] = proof.steps_before;
    json["steps_around"] = proof.steps_around;
    json["circle"] = Json::array();
    for (const scenarios::CircleStep& step : proof.circle)
      json["circle"].push_back({{"what", step_name(step.what)}, {"operation", step.operation}});
  }
  json["jobs"] = Json::array();
  for (const scenarios::OvertakingProof::Counted& one : proof.counted)
    json["jobs"].push_back({{"others", one.jobs}, {"overtake", one.most}});
  return json;
}

}  // namespace

Json contend_json(const scenarios::ContendResult& result) {
  const auto& wait = result.wait;
  const auto& ends = result.ends;
  const auto& fairness = result.fairness;
  const auto& recovery = result.recovery;
  Json json{{"lockstorm", kVersion},
            {"scenario", result.scenario.name},
            {"engine", "contend"},
            {"runs", result.runs},
            {"wanted", result.wanted},
            {"seed", result.seed},
            {"pipelines", result.settings->pipelines},
            {"states", result.settings->states},
            {"group", group_name(result.settings->group)},
            {"jobs", result.jobs},
            {"waited", result.waited}};
  json["wait"] = {{"mean_s", estimate_json(wait.mean_s)},
                  {"p50_s", estimate_json(wait.p50_s)},
                  {"p90_s", estimate_json(wait.p90_s)},
                  {"p99_s", estimate_json(wait.p99_s)},
                  {"max_s", wait.max_s},
                  {"histogram", histogram_json(result.histogram)}};
  json["ends"] = {{"done", estimate_json(ends.done)},       {"gave_up", estimate_json(ends.gave_up)},
                  {"refused", estimate_json(ends.refused)}, {"failed", estimate_json(ends.failed)},
                  {"killed", estimate_json(ends.killed)},   {"cancelled", estimate_json(ends.cancelled)}};
  json["lock"] = {{"utilisation", estimate_json(result.utilisation)},
                  {"done_per_hour", estimate_json(result.done_per_hour)},
                  {"waiting_mean", estimate_json(result.waiting_mean)}};
  json["fairness"] = {{"overtaken_share", estimate_json(fairness.overtaken_share)},
                      {"overtakings_mean", estimate_json(fairness.overtakings_mean)},
                      {"overtakings_max", fairness.overtakings_max},
                      {"jain", estimate_json(fairness.jain)}};
  if (result.overtaking) json["fairness"]["proof"] = overtaking_json(*result.overtaking);
  json["cost"] = {{"requests", estimate_json(result.requests_each)},
                  {"lock_requests", estimate_json(result.lock_requests_each)},
                  {"nanodollars", estimate_json(result.nanodollars_each)},
                  {"throttled", result.throttled}};
  json["recovery"] = {{"holders_killed", recovery.holders_killed},
                      {"recovered", recovery.recovered},
                      {"unrecovered", recovery.unrecovered},
                      {"mean_s", recovery.mean_s},
                      {"p50_s", recovery.p50_s},
                      {"p90_s", recovery.p90_s},
                      {"max_s", recovery.max_s}};
  json["safety"] = Json::array();
  for (const scenarios::SafetyEstimate& estimate : result.safety)
    json["safety"].push_back(safety_json(estimate));
  json["cut_off"] = result.cut_off;
  if (result.stuck) json["stuck"] = stuck_json(result);
  json["events"] = result.events;
  json["trace"] = scenarios::hex(result.trace_hash);
  json["seconds"] = result.seconds;
  return json;
}

}  // namespace lockstorm::reports
