#include "scenarios/search/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lockstorm::scenarios {
namespace {

Verdict verdict_of(Expectation expectation) {
  switch (expectation) {
    case Expectation::held:
      return Verdict::held;
    case Expectation::violated:
      return Verdict::violated;
    case Expectation::unknown:
      return Verdict::unknown;
  }
  return Verdict::unknown;
}

}  // namespace

std::vector<std::string> unexpected_verdicts(const VerifyResult& result) {
  std::vector<std::string> differences;
  for (const auto& [property, expectation] : result.scenario.expect) {
    const Verdict wanted = verdict_of(expectation);
    const auto found = result.properties.find(property);
    const std::string_view got =
        found == result.properties.end() ? "not checked" : verdict_name(found->second);
    if (got != verdict_name(wanted)) {
      differences.push_back(fmt::format("{}: expected {}, got {}", checkers::property_name(property),
                                        verdict_name(wanted), got));
    }
  }
  for (const CommandReached& one : result.reached) {
    if (one.command && one.succeeds() && std::ranges::count(result.scenario.never, *one.command) > 0)
      differences.push_back(fmt::format("never: '{}' of {} succeeds", one.name(), one.jobs));
  }
  for (const models::Goal goal : result.scenario.reached) {
    if (std::ranges::none_of(result.reached,
                             [&](const CommandReached& one) { return one.goals.contains(goal); }))
      differences.push_back(fmt::format("reached: no run reaches {}", models::goal_name(goal)));
  }
  return differences;
}

std::vector<checkers::Property> left_out_of_expect(const VerifyResult& result) {
  std::vector<checkers::Property> left_out;
  for (const auto& [property, verdict] : result.properties) {
    if (verdict != Verdict::held && !result.scenario.expect.contains(property)) left_out.push_back(property);
  }
  return left_out;
}

Verdict verdict_as_expected(const VerifyResult& result) {
  if (result.verdict == Verdict::violated) return Verdict::held;
  if (result.verdict != Verdict::unknown) return result.verdict;
  const auto is_expected = [&](const auto& entry) {
    const auto expected = result.scenario.expect.find(entry.first);
    return entry.second != Verdict::unknown ||
           (expected != result.scenario.expect.end() && expected->second == Expectation::unknown);
  };
  const bool only_time = result.explored.cut_off > 0 && std::ranges::all_of(result.properties, is_expected);
  return only_time ? Verdict::held : Verdict::unknown;
}

}  // namespace lockstorm::scenarios
