// docs/leases.md says of each setting what the library expects, both ways.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "scenarios/files/library.hpp"
#include "test_paths.hpp"
#include "tests/markdown_table.hpp"

namespace lockstorm::scenarios {
namespace {

struct LeaseRow {
  std::string violated;
  std::string right;
  std::string property;  ///< "everything": all of them
};

std::string without_backticks(const std::string& cell) { return cell.substr(1, cell.size() - 2); }

std::vector<LeaseRow> lease_rows() {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/leases.md");
  std::vector<LeaseRow> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> cells = table_cells(line);
    if (cells.size() != 5) throw std::runtime_error("five cells: " + line);
    rows.push_back({without_backticks(cells[2]), without_backticks(cells[3]), cells[4]});
  }
  return rows;
}

bool expects_held(const Scenario& scenario, checkers::Property property) {
  const auto found = scenario.expect.find(property);
  return found != scenario.expect.end() && found->second == Expectation::held;
}

TEST(LeasesPage, EachSettingIsWrongInOneScenarioAndRightInAnother) {
  const std::vector<LeaseRow> rows = lease_rows();
  EXPECT_GE(rows.size(), 20U);
  for (const LeaseRow& row : rows) {
    SCOPED_TRACE(row.violated);
    const auto wrong = find_scenario(row.violated);
    const auto right = find_scenario(row.right);
    ASSERT_TRUE(wrong && right) << row.right;
    const auto property = checkers::property_named(row.property);
    ASSERT_TRUE(property || row.property == "everything") << row.property;
    if (property) {
      EXPECT_TRUE(wrong->expects_violation(*property));
      EXPECT_TRUE(expects_held(*right, *property));
    }
    bool is_violated = false;
    for (const auto& [which, verdict] : wrong->expect) is_violated |= verdict == Expectation::violated;
    EXPECT_TRUE(is_violated);
    if (property) continue;
    for (const auto& [which, verdict] : right->expect) EXPECT_EQ(verdict, Expectation::held);
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
