// What confirmations came to, for machines.
#include <nlohmann/json.hpp>

#include "cli/confirm/confirm_report.hpp"
#include "reports/format/version.hpp"
#include "wire/confirm/last_words.hpp"

namespace lockstorm::cli {
namespace {

using Json = nlohmann::ordered_json;
using wire::confirm::Holdings;
using wire::confirm::StepEvidence;
using wire::confirm::ToolRun;

Json json_of(const Holdings& holdings) {
  Json array = Json::array();
  for (const auto& holding : holdings)
    array.push_back({{"service", holding.service},
                     {"place", holding.place},
                     {"state", holding.state},
                     {"lock", holding.lock}});
  return array;
}

Json json_of(const std::string& actor, const ToolRun& run) {
  return {{"actor", actor},
          {"command", run.command},
          {"status", run.status ? Json(*run.status) : Json()},
          {"last_words", wire::confirm::last_words(run.printed)}};
}

Json json_of(const ConfirmResult& result) {
  Json json{
      {"scenario", result.scenario}, {"properties", result.properties}, {"outcome", kind_name(result.kind)}};
  if (!result.why.empty()) json["why"] = result.why;
  if (!result.performed) return json;
  Json steps = Json::array();
  for (const StepEvidence& step : result.performed->direction.steps)
    steps.push_back({{"n", step.number},
                     {"model", result.told->steps[step.number - 1].text},
                     {"kind", step_kind_name(step.kind)},
                     {"real", step.real}});
  json["steps"] = std::move(steps);
  json["not_in_model"] = result.performed->direction.extra;
  json["stored"] = {{"before", json_of(result.performed->before)},
                    {"at_last_step", json_of(result.performed->at_last_step)},
                    {"in_the_end", json_of(result.performed->after)}};
  Json jobs = Json::array();
  for (std::size_t actor = 0; actor < result.performed->runs.size(); ++actor) {
    for (const ToolRun& run : result.performed->runs[actor])
      jobs.push_back(json_of(result.told->actors[actor], run));
  }
  json["jobs"] = std::move(jobs);
  json["next_job"] = json_of("next job", result.performed->next_job);
  return json;
}

}  // namespace

std::string confirm_json(const std::vector<ConfirmResult>& results,
                         const std::map<std::string, std::string>& versions) {
  Json array = Json::array();
  for (const ConfirmResult& result : results) array.push_back(json_of(result));
  Json document;
  document["lockstorm"] = reports::kVersion;
  document["tools"] = versions;
  document["results"] = std::move(array);
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lockstorm::cli
