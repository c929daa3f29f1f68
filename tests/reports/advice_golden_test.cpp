// What is advised for every mechanism that the library's scenarios have, in one file that a person can read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "reports/format/layout.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/parallel.hpp"
#include "test_paths.hpp"
#include "tests/golden.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::VerifyResult;

// Larger worlds have the same mechanisms as smaller ones of their backend, and take their time.
constexpr std::size_t kMostBytesOfSearch = std::size_t{3} << 20U;

// Of a property and a mechanism: each advice, and the scenarios that it is given for.
using Advice = std::map<std::tuple<checkers::Property, std::string, std::string>, std::set<std::string>>;

VerifyResult surveyed(const scenarios::Scenario& scenario) {
  scenarios::VerifyOptions options;
  options.explain = false;
  options.mechanisms = scenarios::VerifyOptions::Mechanisms::told;
  options.max_bytes = kMostBytesOfSearch;
  return verify(scenario, options);
}

Advice advice_of_library() {
  std::vector<scenarios::Scenario> library = scenarios::find_scenarios("*").value();
  std::erase_if(library,
                [](const scenarios::Scenario& scenario) { return scenario.name.starts_with("crowds/"); });
  std::vector<VerifyResult> results(library.size());
  sim::run_parallel(2, library.size(), [&](std::size_t i) { results[i] = surveyed(library[i]); });
  Advice advice;
  for (const VerifyResult& result : results) {
    if (!result.explored.complete) continue;
    for (const scenarios::Counterexample& told : result.counterexamples)
      advice[{told.property, mechanism_text(*told.mechanism), prevention(result.scenario, told)}].insert(
          result.scenario.name);
  }
  return advice;
}

std::string page(const Advice& all) {
  const Style style{.colour = false, .width = 110};
  std::string out;
  std::string heading;
  for (const auto& [key, names] : all) {
    const auto& [property, mechanism, advice] = key;
    const std::string of_this = fmt::format("{}, {}\n", checkers::property_name(property), mechanism);
    if (of_this != heading) out += (out.empty() ? "" : "\n") + of_this;
    heading = of_this;
    out += paragraph(advice, style, 4, "  - ");
    const std::string more = names.size() > 1 ? fmt::format(" and {} more", names.size() - 1) : "";
    out += fmt::format("    ({}{})\n", *names.begin(), more);
  }
  return out;
}

TEST(Advice, OfEveryMechanismIsAsInTheGoldenFile) {
  expect_as_on_file(page(advice_of_library()), LOCKSTORM_TEST_DATA "/golden/advice.txt");
}

}  // namespace
}  // namespace lockstorm::reports
