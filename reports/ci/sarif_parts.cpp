#include "reports/ci/sarif_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {

using Json = nlohmann::ordered_json;

// What a URI says literally is letters, digits, "-._~" and the slashes between names (RFC 3986); all else is
// percent-encoded, so that no name of a file looks like a scheme, a query or a fragment.
std::string sarif_uri(std::string_view file) {
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

// SARIF 3.11.5: `[` and `]` around words would make a link of them.
Json sarif_message(std::string_view text) {
  std::string out;
  for (const char c : scenarios::printable(text)) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return {{"text", std::move(out)}};
}

Json sarif_region(const scenarios::SourceLocation& where) {
  Json region{{"startLine", std::max(where.line, 1U)}};
  if (where.column > 0) region["startColumn"] = where.column;
  return region;
}

Json sarif_flow(const scenarios::VerifyResult& result, const scenarios::Counterexample& counterexample,
                const Json& physical) {
  Json steps = Json::array();
  for (const scenarios::CounterexampleStep& step : counterexample.steps) {
    if (!step.is_relevant) continue;
    Json location = Json::object();
    if (!physical.is_null()) location["physicalLocation"] = physical;
    location["message"] = sarif_message(step.actor + ": " + step.text);
    Json one{{"location", std::move(location)}, {"executionOrder", step.number}};
    if (step.number == counterexample.decisive_step || is_adverse(step)) one["importance"] = "essential";
    steps.push_back(std::move(one));
  }
  return {
      {"message", sarif_message("replay with: " + replay_command(result.scenario, counterexample.replay))},
      {"threadFlows", Json::array({{{"locations", std::move(steps)}}})}};
}

Json sarif_tool(Json rules) {
  return {{"driver",
           {{"name", "lockstorm"},
            {"fullName", fmt::format("Lockstorm {}", kVersion)},
            {"version", kVersion},
            {"semanticVersion", kVersion},
            {"rules", std::move(rules)}}}};
}

std::string sarif_log(Json run) {
  return json_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}});
}

}  // namespace lockstorm::reports
