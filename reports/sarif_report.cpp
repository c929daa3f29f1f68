// SARIF 2.1.0 (OASIS): what code scanning shows beside the backend block.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/json_report.hpp"
#include "reports/narrative.hpp"
#include "reports/prevention.hpp"
#include "reports/published.hpp"
#include "reports/step_queries.hpp"
#include "reports/text_report.hpp"
#include "reports/version.hpp"
#include "reports/words.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Counterexample;
using scenarios::Verdict;
using scenarios::VerifyResult;

Json rules() {
  Json rules = Json::array();
  for (std::size_t i = 0; i < checkers::kProperties; ++i) {
    const auto property = static_cast<checkers::Property>(i);
    rules.push_back({{"id", checkers::property_name(property)},
                     {"shortDescription", {{"text", headline(property)}}},
                     {"defaultConfiguration", {{"level", "error"}}}});
  }
  return rules;
}

Json location_of(const scenarios::Scenario& scenario, const Locator& where) {
  const auto place = where ? where(scenario) : std::nullopt;
  if (!place || place->file.empty())
    return {{"logicalLocations", Json::array({{{"fullyQualifiedName", scenario.name}, {"kind", "module"}}})}};
  Json region{{"startLine", std::max(place->line, 1U)}};
  if (place->column > 0) region["startColumn"] = place->column;
  return {{"physicalLocation", {{"artifactLocation", {{"uri", place->file}}}, {"region", std::move(region)}}},
          {"logicalLocations", Json::array({{{"fullyQualifiedName", scenario.name}, {"kind", "module"}}})}};
}

Json flow_of(const VerifyResult& result, const Counterexample& counterexample) {
  Json steps = Json::array();
  for (const scenarios::CounterexampleStep& step : counterexample.steps) {
    if (!step.is_relevant) continue;
    Json one{{"location", {{"message", {{"text", step.actor + ": " + step.text}}}}},
             {"executionOrder", step.number}};
    if (step.number == counterexample.decisive_step || is_adverse(step)) one["importance"] = "essential";
    steps.push_back(std::move(one));
  }
  return {{"message", {{"text", "replay with: " + replay_command(result.scenario, counterexample.replay)}}},
          {"threadFlows", Json::array({{{"locations", std::move(steps)}}})}};
}

Json result_of(const VerifyResult& result, const Counterexample& counterexample, const Json& location) {
  std::string text = fmt::format("{} {}", headline_of(counterexample), why(counterexample));
  text += fmt::format(" What would have prevented it: {}", prevention(result.scenario, counterexample));
  if (!counterexample.tried.empty()) text += " " + tried_changes(result.scenario, counterexample);
  return {{"ruleId", checkers::property_name(counterexample.property)},
          {"ruleIndex", static_cast<std::size_t>(counterexample.property)},
          {"level", "error"},
          {"message", {{"text", std::move(text)}}},
          {"locations", Json::array({location})},
          {"codeFlows", Json::array({flow_of(result, counterexample)})},
          {"partialFingerprints",
           {{"scenarioAndProperty/v1", fmt::format("{:016x}-{}", fingerprint(result.scenario),
                                                   checkers::property_name(counterexample.property))}}},
          {"properties", {{"scenario", result.scenario.name}, {"bounds", bounds_text(result.scenario)}}}};
}

}  // namespace

std::string sarif_report(std::span<const VerifyResult> results, const Locator& where) {
  Json found = Json::array();
  Json notes = Json::array();
  for (const VerifyResult& result : results) {
    const Json location = location_of(result.scenario, where);
    for (const Counterexample& counterexample : result.counterexamples)
      found.push_back(result_of(result, counterexample, location));
    if (result.verdict == Verdict::violated || result.verdict == Verdict::held) continue;
    notes.push_back({{"level", "warning"},
                     {"message",
                      {{"text", fmt::format("{}: {}: {}", result.scenario.name,
                                            scenarios::verdict_name(result.verdict), result.why)}}}});
  }
  Json run{{"tool", {{"driver", {{"name", "lockstorm"}, {"semanticVersion", kVersion}, {"rules", rules()}}}}},
           {"columnKind", "utf16CodeUnits"},
           {"invocations",
            Json::array({{{"executionSuccessful", true}, {"toolExecutionNotifications", std::move(notes)}}})},
           {"results", std::move(found)}};
  return json_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}});
}

}  // namespace lockstorm::reports
