#include <nlohmann/json.hpp>

#include "reports/contend/advice_report.hpp"
#include "reports/format/version.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const scenarios::Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

Json curve_json(const scenarios::TriedCurve& curve, const std::string& sentence) {
  Json tried = Json::array();
  for (const scenarios::TriedSetting& one : curve.tried) {
    tried.push_back({{"value", one.value},
                     {"p50_s", interval_json(one.wait.p50_s)},
                     {"p90_s", interval_json(one.wait.p90_s)},
                     {"p99_s", interval_json(one.wait.p99_s)},
                     {"max_s", one.wait.max_s},
                     {"gave_up", interval_json(one.gave_up)},
                     {"failed", interval_json(one.failed)},
                     {"requests", interval_json(one.requests_each)},
                     {"utilisation", interval_json(one.utilisation)},
                     {"throttled_share", one.throttled_share},
                     {"cut_off", one.cut_off}});
  }
  Json json{{"text", sentence}};
  json["answer"] = curve.answer ? Json(*curve.answer) : Json(nullptr);
  json["tried"] = std::move(tried);
  return json;
}

Json grid_json(const scenarios::TriedGrid& grid) {
  Json cells = Json::array();
  for (std::size_t i = 0; i < grid.tried.size(); ++i) {
    const scenarios::TriedSetting& one = grid.tried[i];
    cells.push_back({{"lock_timeout_s", grid.timeouts_s[i / grid.pipelines.size()]},
                     {"pipelines", one.value},
                     {"gave_up", interval_json(one.gave_up)},
                     {"p99_s", interval_json(one.wait.p99_s)},
                     {"cut_off", one.cut_off}});
  }
  return {{"runs", grid.runs}, {"tried", std::move(cells)}};
}

}  // namespace

Json advice_json(const scenarios::ContendAdvice& advice) {
  const AdviceSentences said = advice_sentences(advice);
  Json json{{"lockstorm", kVersion},
            {"scenario", advice.scenario.name},
            {"engine", "contend"},
            {"advise", true},
            {"runs", advice.runs},
            {"seed", advice.seed},
            {"bound_s", static_cast<double>(advice.bound.count()) / 1000},
            {"most_give_up", advice.most_give_up}};
  json["lock_timeout_s"] = curve_json(advice.timeouts, said.timeouts);
  if (advice.pipelines) json["pipelines"] = curve_json(*advice.pipelines, said.pipelines);
  if (advice.grid) json["grid"] = grid_json(*advice.grid);
  if (advice.states) json["states"] = curve_json(*advice.states, said.states);
  json["group"] = curve_json(advice.groups, said.groups);
  if (advice.dynamodb) json["dynamodb_per_second"] = curve_json(*advice.dynamodb, said.dynamodb);
  return json;
}

}  // namespace lockstorm::reports
