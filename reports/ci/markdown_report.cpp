// Markdown for step summaries and merge requests, and the badge beside it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/ci/published.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markdown.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Verdict;
using scenarios::VerifyResult;

constexpr Style kMarkdownStyle{.colour = false, .width = 100};

std::string_view sign_of(const VerifyResult& result) {
  if (result.only_searched()) return "🔍 nothing found, no proof";
  switch (result.verdict) {
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

std::string properties_of(const VerifyResult& result, Verdict verdict) {
  std::string names;
  for (const auto& [property, of_property] : result.properties) {
    if (of_property == verdict)
      names += (names.empty() ? "" : ", ") + std::string(checkers::property_name(property));
  }
  return names;
}

std::string looked_at(const VerifyResult& result) {
  if (result.explored.complete) return fmt::format("all {}", counted(result.explored.states, "state"));
  const std::string searched = searched_text(result);
  if (searched.empty() || result.why.empty()) return searched + result.why;
  return searched + "; " + result.why;
}

std::size_t count(std::span<const VerifyResult> results, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(results, verdict, &VerifyResult::verdict));
}

std::string runs_text(std::span<const VerifyResult> results) {
  std::uint64_t runs = 0;
  for (const VerifyResult& result : results) runs += result.searched ? result.searched->runs : 0;
  return counted(runs, "run");
}

}  // namespace

std::string markdown_report(std::span<const VerifyResult> results) {
  std::string out = "## Lockstorm\n\n| scenario | verdict | violated | within |\n|---|---|---|---|\n";
  for (const VerifyResult& result : results)
    out += fmt::format("| {} | {} | {} | {} |\n", markdown_code(result.scenario.name), sign_of(result),
                       properties_of(result, Verdict::violated),
                       markdown_text(fmt::format("{}; {}", bounds_text(result.scenario), looked_at(result))));
  for (const VerifyResult& result : results) {
    for (const scenarios::Counterexample& counterexample : result.counterexamples) {
      out += fmt::format("\n<details><summary><code>{}</code>: {}</summary>\n\n{}\n</details>\n",
                         markdown_text(result.scenario.name), markdown_text(headline_of(counterexample)),
                         markdown_block(text_counterexample(result, counterexample, kMarkdownStyle)));
    }
  }
  return out;
}

std::string badge_report(std::span<const VerifyResult> results) {
  const std::size_t violated = count(results, Verdict::violated);
  const std::size_t held = count(results, Verdict::held);
  const auto searched =
      static_cast<std::size_t>(std::ranges::count_if(results, &VerifyResult::only_searched));
  const std::size_t undecided = results.size() - violated - held;
  // Only what is proved is green.
  std::string message = violated > 0      ? fmt::format("{} violated", violated)
                        : undecided > 0   ? fmt::format("{} undecided", undecided)
                        : searched > 0    ? fmt::format("nothing found in {}, no proof", runs_text(results))
                        : results.empty() ? "nothing checked"
                                          : fmt::format("{} held", held);
  if (violated + undecided > 0) message += fmt::format(" of {}", results.size());
  return json_text({{"schemaVersion", 1},
                    {"label", "lockstorm"},
                    {"message", std::move(message)},
                    {"color", violated > 0                       ? "red"
                              : undecided > 0 || results.empty() ? "yellow"
                              : searched > 0                     ? "blue"
                                                                 : "brightgreen"},
                    {"isError", violated > 0}});
}

}  // namespace lockstorm::reports
