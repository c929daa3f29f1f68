// SARIF 2.1.0 (OASIS): what code scanning shows beside the backend block.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/ci/published.hpp"
#include "reports/ci/sarif_parts.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Counterexample;
using scenarios::Verdict;
using scenarios::VerifyResult;

// What only worlds with an orchestrator have a say on is a rule where there is one.
Json rules(std::span<const VerifyResult> results) {
  const bool is_orchestrated = std::ranges::any_of(
      results, [](const VerifyResult& result) { return result.scenario.orchestrator.has_value(); });
  Json rules = Json::array();
  for (const checkers::Property property :
       is_orchestrated ? checkers::PropertySet::all() : checkers::PropertySet::of_backends()) {
    rules.push_back({{"id", checkers::property_name(property)},
                     {"shortDescription", {{"text", headline(property)}}},
                     {"defaultConfiguration", {{"level", "error"}}}});
  }
  return rules;
}

Json location_of(const scenarios::Scenario& scenario, const Locator& where) {
  const auto place = where ? where(scenario) : std::nullopt;
  const Json logical = Json::array({{{"fullyQualifiedName", scenario.name}, {"kind", "module"}}});
  if (!place || place->file.empty()) return {{"logicalLocations", logical}};
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", sarif_uri(place->file)}}}, {"region", sarif_region(*place)}}},
          {"logicalLocations", logical}};
}

// One result; without `flows` where no run is told.
Json result_about(const VerifyResult& result, checkers::Property property, std::string_view text,
                  const Json& location, Json flows = nullptr) {
  const std::string_view name = checkers::property_name(property);
  Json json{{"ruleId", name},
            {"ruleIndex", checkers::property_number(property)},
            {"level", "error"},
            {"message", sarif_message(text)},
            {"locations", Json::array({location})}};
  if (!flows.is_null()) json["codeFlows"] = std::move(flows);
  json["partialFingerprints"] = {
      {"scenarioAndProperty/v1", fmt::format("{}-{}", scenarios::hex(fingerprint(result.scenario)), name)}};
  json["properties"] = {{"scenario", result.scenario.name}, {"bounds", bounds_text(result.scenario)}};
  return json;
}

Json sarif_result(const VerifyResult& result, const Counterexample& counterexample, const Json& location) {
  std::string text = fmt::format("{} {}", headline_of(counterexample), why(counterexample));
  text += fmt::format(" What would have prevented it: {}", prevention(result.scenario, counterexample));
  if (!counterexample.tried.empty()) text += " " + tried_changes(result.scenario, counterexample);
  return result_about(
      result, counterexample.property, text, location,
      Json::array({sarif_flow(result, counterexample, location.value("physicalLocation", Json(nullptr)))}));
}

// A violation of which no run could be told, and what is not as the scenario expects: still a result.
void add_untold(const VerifyResult& result, const Json& location, Json& found) {
  for (const auto& [property, verdict] : result.properties) {
    if (verdict == Verdict::violated && result.counterexample_of(property) == nullptr)
      found.push_back(
          result_about(result, property,
                       fmt::format("{} No run that shows it could be told{}{}", headline(property),
                                   result.why.empty() ? "." : ": ", result.why),
                       location));
    if (verdict == Verdict::held && result.scenario.expects_violation(property))
      found.push_back(
          result_about(result, property,
                       fmt::format("Expected {} to be violated, got {}", checkers::property_name(property),
                                   shown_verdict(result, verdict)),
                       location));
  }
}

// Where nothing was decided the run of the tool is no success, whatever it has found besides.
bool is_decided(const VerifyResult& result) {
  if (result.verdict == Verdict::nondeterministic || result.invalidity != scenarios::Invalidity::none)
    return false;
  return result.verdict == Verdict::violated || result.verdict == Verdict::held;
}

Json notification_of(const VerifyResult& result) {
  if (is_decided(result))
    return {{"level", "note"},
            {"message", sarif_message(fmt::format("{}: {}", result.scenario.name, searched_text(result)))}};
  return {{"level", "error"},
          {"message", sarif_message(fmt::format("{}: {}: {}", result.scenario.name,
                                                scenarios::verdict_name(result.verdict), result.why))}};
}

}  // namespace

std::string sarif_report(std::span<const VerifyResult> results, const Locator& where) {
  Json found = Json::array();
  Json notes = Json::array();
  for (const VerifyResult& result : results) {
    const Json location = location_of(result.scenario, where);
    for (const Counterexample& counterexample : result.counterexamples)
      found.push_back(sarif_result(result, counterexample, location));
    add_untold(result, location, found);
    if (!is_decided(result) || result.searched) notes.push_back(notification_of(result));
  }
  Json run{{"tool", sarif_tool(rules(results))},
           {"columnKind", "utf16CodeUnits"},
           {"invocations", Json::array({{{"executionSuccessful", std::ranges::all_of(results, is_decided)},
                                         {"toolExecutionNotifications", std::move(notes)}}})},
           {"results", std::move(found)}};
  return sarif_log(std::move(run));
}

}  // namespace lockstorm::reports
