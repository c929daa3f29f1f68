// JUnit XML of results: a suite for each scenario, a case for each property.
#include <fmt/format.h>

#include <tuple>

#include "reports/ci/junit_suite.hpp"
#include "reports/ci/published.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Expectation;
using scenarios::Verdict;
using scenarios::VerifyResult;

constexpr Style kJunitStyle{.colour = false, .width = 100};

// The headline and the whole story.
std::pair<std::string, std::string> story_of(const VerifyResult& result, checkers::Property property) {
  const scenarios::Counterexample* found = result.counterexample_of(property);
  if (found == nullptr) return {std::string(headline(property)), {}};
  return {std::string(headline_of(*found)), text_counterexample(result, *found, kJunitStyle)};
}

JunitCase case_of(const VerifyResult& result, checkers::Property property, Verdict verdict) {
  JunitCase one{std::string(checkers::property_name(property)), JunitOutcome::passed, {}, {}};
  const auto expected = result.scenario.expect.find(property);
  const bool expects_violation = result.scenario.expects_violation(property);
  if (verdict == Verdict::violated) {
    std::tie(one.message, one.text) = story_of(result, property);
    one.outcome = expects_violation ? JunitOutcome::passed : JunitOutcome::failed;
    if (expects_violation && !one.text.empty()) one.text = "as expected\n" + one.text;
  } else if (verdict == Verdict::held) {
    if (expects_violation) {
      one.outcome = JunitOutcome::failed;
      one.message = fmt::format("expected violated, got {}", shown_verdict(result, verdict));
    } else {
      one.text = searched_text(result);
    }
  } else if (expected == result.scenario.expect.end() || expected->second != Expectation::unknown ||
             verdict != Verdict::unknown) {
    one.outcome = JunitOutcome::errored;
    one.message = fmt::format("{}: {}", scenarios::verdict_name(verdict), result.why);
  }
  return one;
}

JunitSuite suite_of(const VerifyResult& result) {
  JunitSuite suite{
      result.scenario.name, {{"bounds", bounds_text(result.scenario)}}, {}, result.explored.seconds};
  if (const std::string searched = searched_text(result); !searched.empty()) {
    suite.properties.emplace_back("searched", searched);
  } else {
    suite.properties.emplace_back("states", std::to_string(result.explored.states));
  }
  for (const auto& [property, verdict] : result.properties)
    suite.cases.push_back(case_of(result, property, verdict));
  // A declared fault that never struck: no property says so.
  if (result.verdict == Verdict::invalid)
    suite.cases.push_back({"bounds", JunitOutcome::errored, fmt::format("invalid: {}", result.why), {}});
  return suite;
}

}  // namespace

std::string junit_report(std::span<const VerifyResult> results) {
  std::vector<JunitSuite> suites;
  for (const VerifyResult& result : results) suites.push_back(suite_of(result));
  return junit_document(suites);
}

}  // namespace lockstorm::reports
