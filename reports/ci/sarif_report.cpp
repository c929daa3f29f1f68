// SARIF 2.1.0 (OASIS): what code scanning shows beside the backend block.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/ci/published.hpp"
#include "reports/format/version.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Counterexample;
using scenarios::Verdict;
using scenarios::VerifyResult;

Json rules() {
  Json rules = Json::array();
  for (const checkers::Property property : checkers::PropertySet::all()) {
    rules.push_back({{"id", checkers::property_name(property)},
                     {"shortDescription", {{"text", headline(property)}}},
                     {"defaultConfiguration", {{"level", "error"}}}});
  }
  return rules;
}

// What a URI says literally is letters, digits, "-._~" and the slashes between names (RFC 3986); all else is
// percent-encoded, so that no name of a file looks like a scheme, a query or a fragment.
std::string uri_of(std::string_view file) {
  std::string out;
  for (const char c : file) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  // Two slashes would begin the name of a host.
  const std::size_t slashes = std::min(out.find_first_not_of('/'), out.size());
  return slashes < 2 ? out : out.substr(slashes - 1);
}

// A plain text message (SARIF 3.11.5): `[` and `]` around words would make a link of them.
Json message_of(std::string_view text) {
  std::string out;
  for (const char c : scenarios::printable(text)) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return {{"text", std::move(out)}};
}

Json location_of(const scenarios::Scenario& scenario, const Locator& where) {
  const auto place = where ? where(scenario) : std::nullopt;
  const Json logical = Json::array({{{"fullyQualifiedName", scenario.name}, {"kind", "module"}}});
  if (!place || place->file.empty()) return {{"logicalLocations", logical}};
  Json region{{"startLine", std::max(place->line, 1U)}};
  if (place->column > 0) region["startColumn"] = place->column;
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(place->file)}}}, {"region", std::move(region)}}},
          {"logicalLocations", logical}};
}

Json flow_of(const VerifyResult& result, const Counterexample& counterexample) {
  Json steps = Json::array();
  for (const scenarios::CounterexampleStep& step : counterexample.steps) {
    if (!step.is_relevant) continue;
    Json one{{"location", {{"message", message_of(step.actor + ": " + step.text)}}},
             {"executionOrder", step.number}};
    if (step.number == counterexample.decisive_step || is_adverse(step)) one["importance"] = "essential";
    steps.push_back(std::move(one));
  }
  return {{"message", message_of("replay with: " + replay_command(result.scenario, counterexample.replay))},
          {"threadFlows", Json::array({{{"locations", std::move(steps)}}})}};
}

// One result; without `flows` where no run is told.
Json result_about(const VerifyResult& result, checkers::Property property, std::string_view text,
                  const Json& location, Json flows = nullptr) {
  const std::string_view name = checkers::property_name(property);
  Json json{{"ruleId", name},
            {"ruleIndex", checkers::property_number(property)},
            {"level", "error"},
            {"message", message_of(text)},
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
  return result_about(result, counterexample.property, text, location,
                      Json::array({flow_of(result, counterexample)}));
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
            {"message", message_of(fmt::format("{}: {}", result.scenario.name, searched_text(result)))}};
  return {{"level", "error"},
          {"message", message_of(fmt::format("{}: {}: {}", result.scenario.name,
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
  Json run{{"tool", {{"driver", {{"name", "lockstorm"}, {"semanticVersion", kVersion}, {"rules", rules()}}}}},
           {"columnKind", "utf16CodeUnits"},
           {"invocations", Json::array({{{"executionSuccessful", std::ranges::all_of(results, is_decided)},
                                         {"toolExecutionNotifications", std::move(notes)}}})},
           {"results", std::move(found)}};
  return json_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}});
}

}  // namespace lockstorm::reports
