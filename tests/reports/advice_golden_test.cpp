// What is advised for every mechanism that the library's scenarios have, in one file that a person can read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "reports/format/layout.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/parallel.hpp"
#include "test_paths.hpp"
#include "tests/golden.hpp"
#include "tests/scenarios/library_files.hpp"

namespace lockstorm::reports {
namespace {

namespace fs = std::filesystem;
using scenarios::VerifyResult;

// Larger worlds have the same mechanisms as smaller ones of their backend, and take their time.
constexpr std::size_t kMostBytes = std::size_t{3} << 20U;

// Of a property and a mechanism: each advice, and the scenarios that it is given for.
using Advice = std::map<std::tuple<checkers::Property, std::string, std::string>, std::set<std::string>>;

VerifyResult surveyed(const fs::path& file) {
  scenarios::VerifyOptions options;
  options.explain = false;
  options.mechanisms = scenarios::VerifyOptions::Mechanisms::told;
  options.max_bytes = kMostBytes;
  return verify(scenarios::read_scenario(file).value(), options);
}

Advice advice_of_library() {
  const fs::path library(LOCKSTORM_SOURCE "/scenarios/library");
  std::vector<fs::path> files = scenarios::library_files();
  std::erase_if(files,
                [&](const fs::path& file) { return *fs::relative(file, library).begin() == "crowds"; });
  std::vector<VerifyResult> results(files.size());
  sim::run_parallel(2, files.size(), [&](std::size_t i) { results[i] = surveyed(files[i]); });
  Advice advice;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!results[i].explored.complete) continue;
    const std::string name = fs::relative(files[i], library).replace_extension().generic_string();
    for (const scenarios::Counterexample& told : results[i].counterexamples)
      advice[{told.property, mechanism_text(*told.mechanism), prevention(results[i].scenario, told)}].insert(
          name);
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
