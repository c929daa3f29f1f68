// Markdown for step summaries and merge requests, and the badge beside it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/json_report.hpp"
#include "reports/layout.hpp"
#include "reports/narrative.hpp"
#include "reports/published.hpp"
#include "reports/text_report.hpp"
#include "reports/words.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Verdict;
using scenarios::VerifyResult;

constexpr Style kPlain{.colour = false, .width = 100};

std::string_view sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::held:
      return "✅ held";
    case Verdict::violated:
      return "❌ violated";
    case Verdict::unknown:
      return "❔ unknown";
    case Verdict::invalid:
      return "⚠️ invalid";
    case Verdict::nondeterministic:
      return "⚠️ nondeterministic";
  }
  return "";
}

// What a table's cell may contain.
std::string in_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string properties_of(const VerifyResult& result, Verdict verdict) {
  std::string names;
  for (const auto& [property, of_property] : result.properties) {
    if (of_property == verdict)
      names += (names.empty() ? "" : ", ") + std::string(checkers::property_name(property));
  }
  return names;
}

std::size_t count(std::span<const VerifyResult> results, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(results, verdict, &VerifyResult::verdict));
}

}  // namespace

std::string markdown_report(std::span<const VerifyResult> results) {
  std::string out = "## Lockstorm\n\n| scenario | verdict | violated | within |\n|---|---|---|---|\n";
  for (const VerifyResult& result : results)
    out +=
        fmt::format("| `{}` | {} | {} | {} |\n", in_cell(result.scenario.name), sign_of(result.verdict),
                    properties_of(result, Verdict::violated),
                    in_cell(fmt::format("{}; {}", bounds_text(result.scenario),
                                        result.explored.complete
                                            ? fmt::format("all {}", counted(result.explored.states, "state"))
                                            : result.why)));
  for (const VerifyResult& result : results) {
    for (const scenarios::Counterexample& counterexample : result.counterexamples) {
      out +=
          fmt::format("\n<details><summary><code>{}</code>: {}</summary>\n\n````text\n{}````\n\n</details>\n",
                      result.scenario.name, headline_of(counterexample),
                      text_counterexample(result, counterexample, kPlain));
    }
  }
  return out;
}

std::string badge_report(std::span<const VerifyResult> results) {
  const std::size_t violated = count(results, Verdict::violated);
  const std::size_t held = count(results, Verdict::held);
  const std::size_t undecided = results.size() - violated - held;
  std::string message = violated > 0    ? fmt::format("{} violated", violated)
                        : undecided > 0 ? fmt::format("{} undecided", undecided)
                                        : fmt::format("{} held", held);
  if (violated + undecided > 0) message += fmt::format(" of {}", results.size());
  return json_text({{"schemaVersion", 1},
                    {"label", "lockstorm"},
                    {"message", std::move(message)},
                    {"color", violated > 0    ? "red"
                              : undecided > 0 ? "yellow"
                                              : "brightgreen"},
                    {"isError", violated > 0}});
}

}  // namespace lockstorm::reports
