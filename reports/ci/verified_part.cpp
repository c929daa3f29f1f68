#include "reports/ci/verified_part.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "reports/ci/json_input.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Verdict;

// Of everything in it but itself; that it was not edited is all that it says.
std::string digest_of_part(Json json) {
  json.erase("digest");
  return scenarios::hex(scenarios::fnv1a(json_dump(json, -1)));
}

std::optional<Verdict> verdict_of(const JsonPlace& json) {
  constexpr std::array kAll{Verdict::held, Verdict::unknown, Verdict::invalid, Verdict::violated,
                            Verdict::nondeterministic};
  const std::string name = json.text();
  const auto* const known = std::ranges::find(kAll, std::string_view(name), scenarios::verdict_name);
  if (known != kAll.end()) return *known;
  json.refuse("a verdict");
  return std::nullopt;
}

void read_summary(const JsonPlace& result, scenarios::VerifyResult& summary) {
  summary.scenario.name = result.at("scenario").text();
  if (const auto verdict = verdict_of(result.at("verdict"))) summary.verdict = *verdict;
  for (const auto& [name, property] : result.at("properties").members()) {
    const auto known = checkers::property_named(name);
    const auto verdict = verdict_of(property.at("verdict"));
    if (known && verdict) summary.properties[*known] = *verdict;
  }
}

}  // namespace

std::string verified_part_text(const scenarios::VerifyResult& result) {
  Json json{{"lockstorm", kVersion},
            {"fingerprint", scenarios::hex(fingerprint(result.scenario))},
            {"result", json_result(result, "verify")},
            {"text", text_report(result, Style{})}};
  json["digest"] = digest_of_part(json);
  return json_text(json);
}

std::expected<VerifiedPart, std::string> read_verified_part(const std::string& text) {
  const auto json = read_json(text);
  if (!json) return std::unexpected(json.error());
  const JsonPlace root(*json);
  VerifiedPart part;
  const std::string digest = root.at("digest").text();
  const std::string fingerprint = root.at("fingerprint").text();
  part.text = root.at("text").text();
  read_summary(root.at("result"), part.summary);
  if (!root.error().empty()) return std::unexpected("is no verified part of a campaign: " + root.error());
  if (digest_of_part(*json) != digest)
    return std::unexpected("is not what a campaign wrote: its digest does not match its content");
  part.result = json->at("result");
  for (const char digit : fingerprint) {
    const auto value = std::string_view("0123456789abcdef").find(digit);
    if (value == std::string_view::npos) return std::unexpected("has no fingerprint of its scenario");
    part.fingerprint = part.fingerprint << 4U | value;
  }
  return part;
}

}  // namespace lockstorm::reports
