// docs/anomalies.md says what the library expects.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "checkers/properties.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "test_paths.hpp"

namespace lockstorm::scenarios {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t begin = 1; begin < line.size();) {
    const std::size_t end = std::min(line.find('|', begin), line.size());
    std::string cell = line.substr(begin, end - begin);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(std::move(cell));
    begin = end + 1;
  }
  return cells;
}

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
    const std::vector<std::string> cells = cells_of(line);
    ASSERT_EQ(cells.size(), 4U) << line;
    for (const std::string& name : names_in(cells[2]))
      expect_verdict(name, cells[1], Expectation::violated), ++claims;
    for (const std::string& name : names_in(cells[3]))
      expect_verdict(name, cells[1], Expectation::held), ++claims;
  }
  EXPECT_GE(claims, 50U);
}

}  // namespace
}  // namespace lockstorm::scenarios
