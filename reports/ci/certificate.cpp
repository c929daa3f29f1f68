#include "reports/ci/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "reports/ci/json_input.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "reports/story/words.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kForm = 1;

// What the exploration rests on and does not show.
constexpr std::array<std::string_view, 2> kTakenForGranted{
    "the models of servers and clients are true of the real ones, within the bounds",
    "what the clients' models forget never matters: held to full histories over every edge that was used, "
    "and "
    "over many turns of loops and on from where histories meet as far as `promises` says; what is counted as "
    "left out there was not looked at"};

Json promises_json(const sim::PromiseSample& sample) {
  return {{"edges", sample.edges},
          {"loops", sample.loops},
          {"loops_left_out", sample.loops_left},
          {"meetings", sample.meetings},
          {"meetings_cut_short", sample.meetings_cut}};
}

Json json_of(const Certified& one) {
  Json properties = Json::object();
  for (const auto& [property, verdict] : one.properties) properties[property] = verdict;
  return {{"scenario", one.reference},
          {"bounds", one.bounds},
          {"fingerprint", one.scenario},
          {"states", one.states},
          {"transitions", one.transitions},
          {"end_states", one.end_states},
          {"depth", one.depth},
          {"reachable_set", one.reachable_set},
          {"properties", std::move(properties)}};
}

Certified from_json(const JsonPlace& json) {
  Certified one{json.at("scenario").text(), json.at("bounds").text(),        json.at("fingerprint").text(),
                json.at("states").whole(),  json.at("transitions").whole(),  json.at("end_states").whole(),
                json.at("depth").whole(),   json.at("reachable_set").text(), {}};
  for (const auto& [property, verdict] : json.at("properties").members())
    one.properties.emplace_back(property, verdict.text());
  return one;
}

bool is_open(const std::string& verdict) {
  return verdict == scenarios::verdict_name(scenarios::Verdict::unknown);
}

}  // namespace

Certified certified(const scenarios::VerifyResult& result) {
  const scenarios::Explored& explored = result.explored;
  Certified one{reference_of(result.scenario),
                bounds_text(result.scenario),
                scenarios::hex(fingerprint(result.scenario)),
                explored.states,
                explored.transitions,
                explored.end_states,
                explored.depth,
                scenarios::hex(explored.fingerprint),
                {}};
  for (const auto& [property, verdict] : result.properties)
    one.properties.emplace_back(checkers::property_name(property), scenarios::verdict_name(verdict));
  return one;
}

std::expected<std::string, std::string> certificate_text(std::span<const scenarios::VerifyResult> results) {
  Json parts = Json::array();
  for (const scenarios::VerifyResult& result : results) {
    if (!result.explored.complete)
      return std::unexpected(
          fmt::format("{} was not explored completely: {}", result.scenario.name, result.why));
    if (result.verdict == scenarios::Verdict::invalid)
      return std::unexpected(fmt::format("{} is invalid: {}", result.scenario.name, result.why));
    const Certified one = certified(result);
    if (left_open(one) == one.properties.size())
      return std::unexpected(
          fmt::format("of {} no property is decided: {}", result.scenario.name, result.why));
    Json part = json_of(one);
    part["promises"] = promises_json(result.explored.promises);
    parts.push_back(std::move(part));
  }
  return json_text({{"lockstorm", kVersion},
                    {"certificate", kForm},
                    {"taken_for_granted", kTakenForGranted},
                    {"scenarios", std::move(parts)}});
}

std::expected<std::vector<Certified>, std::string> read_certificate(const std::string& text) {
  const auto json = read_json(text);
  if (!json) return std::unexpected(json.error());
  const JsonPlace root(*json);
  if (!root.has("certificate")) return std::unexpected("is no certificate");
  const auto form = root.at("certificate").whole();
  const std::string version = root.at("lockstorm").text();
  if (root.error().empty() && (form != kForm || version != kVersion))
    return std::unexpected(
        fmt::format("is a certificate of another version ({}; this is {})", version, kVersion));
  std::vector<Certified> parts;
  for (const JsonPlace& part : root.at("scenarios").items()) parts.push_back(from_json(part));
  if (!root.error().empty())
    return std::unexpected(fmt::format("is not a whole certificate: {}", root.error()));
  if (parts.empty()) return std::unexpected("certifies nothing");
  return parts;
}

std::size_t left_open(const Certified& one) {
  return static_cast<std::size_t>(
      std::ranges::count_if(one.properties, [](const auto& entry) { return is_open(entry.second); }));
}

std::vector<std::string> differences(const Certified& claimed, const Certified& found) {
  if (claimed.scenario != found.scenario)
    return {fmt::format("the scenario is another one now: its fingerprint was {}, is {}", claimed.scenario,
                        found.scenario)};
  std::vector<std::string> all;
  const auto compare = [&all](std::string_view what, const auto& was, const auto& is) {
    if (was != is) all.push_back(fmt::format("{}: certified {}, found {}", what, was, is));
  };
  compare("bounds", claimed.bounds, found.bounds);
  compare("states", claimed.states, found.states);
  compare("transitions", claimed.transitions, found.transitions);
  compare("end states", claimed.end_states, found.end_states);
  compare("depth", claimed.depth, found.depth);
  compare("reachable set", claimed.reachable_set, found.reachable_set);
  if (claimed.properties.size() != found.properties.size())
    compare("properties", claimed.properties.size(), found.properties.size());
  for (std::size_t i = 0; i < std::min(claimed.properties.size(), found.properties.size()); ++i) {
    compare("property", claimed.properties[i].first, found.properties[i].first);
    compare(claimed.properties[i].first, claimed.properties[i].second, found.properties[i].second);
  }
  return all;
}

}  // namespace lockstorm::reports
