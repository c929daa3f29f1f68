// docs/anomalies.md says what the library expects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "checkers/properties.hpp"
#include "reports/story/mechanism_words.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "test_paths.hpp"
#include "tests/markdown_table.hpp"

namespace lockstorm::scenarios {
namespace {

// The names in backticks.
std::vector<std::string> names_in(const std::string& cell) {
  std::vector<std::string> names;
  for (std::size_t begin = cell.find('`'); begin != std::string::npos; begin = cell.find('`', begin)) {
    const std::size_t end = cell.find('`', begin + 1);
    names.push_back(cell.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return names;
}

void expect_verdict(const std::string& name, const std::string& property, Expectation wanted) {
  SCOPED_TRACE(name + ", " + property);
  ASSERT_NE(library_entry(name), nullptr);
  const auto scenario = find_scenario(name);
  const auto known = checkers::property_named(property);
  ASSERT_TRUE(scenario && known);
  ASSERT_TRUE(scenario->expect.contains(*known));
  EXPECT_EQ(scenario->expect.at(*known), wanted);
}

TEST(AnomaliesPage, IsWhatTheLibraryExpects) {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/anomalies.md");
  std::size_t claims = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| X")) continue;
    const std::vector<std::string> cells = table_cells(line);
    ASSERT_EQ(cells.size(), 5U) << line;
    for (const std::string& name : names_in(cells[2]))
      expect_verdict(name, cells[1], Expectation::violated), ++claims;
    for (const std::string& name : names_in(cells[3]))
      expect_verdict(name, cells[1], Expectation::held), ++claims;
  }
  EXPECT_GE(claims, 50U);
}

// One of the mechanisms in the first scenario is the schedule that the row is about.
TEST(AnomaliesPage, NamesAMechanismOfTheFirstScenario) {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/anomalies.md");
  std::size_t rows = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| X")) continue;
    SCOPED_TRACE(line.substr(0, 40));
    const std::vector<std::string> cells = table_cells(line);
    const std::vector<std::string> found_in = names_in(cells[2]);
    if (found_in.empty()) continue;
    auto scenario = find_scenario(found_in.front());
    ASSERT_TRUE(scenario);
    const auto property = checkers::property_named(cells[1]);
    scenario->check = checkers::PropertySet{*property};
    VerifyOptions options;
    options.explain = false;
    options.mechanisms = VerifyOptions::Mechanisms::named;
    const VerifyResult result = verify(*scenario, options);
    std::vector<std::string> mechanisms;
    for (const Mechanism& mechanism : result.mechanisms.at(*property).all)
      mechanisms.push_back(reports::mechanism_text(mechanism));
    EXPECT_THAT(mechanisms, testing::Contains(cells[4]));
    ++rows;
  }
  EXPECT_GE(rows, 13U);
}

// A proof that nothing is lost says something of the fence only if some run has met it.
TEST(AnomaliesPage, FencedZombiesReachTheFence) {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/anomalies.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| X2 ")) continue;
    const std::vector<std::string> proofs = names_in(table_cells(line)[3]);
    EXPECT_GE(proofs.size(), 5U);
    for (const std::string& name : proofs) {
      const auto scenario = find_scenario(name);
      ASSERT_TRUE(scenario) << name;
      EXPECT_THAT(scenario->reached, testing::Contains(models::Goal::save_failed)) << name;
    }
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
