// Pages with a row for each setting (docs/leases.md, docs/state-stores.md) say what the library expects, both
// ways.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "scenarios/files/library.hpp"
#include "test_paths.hpp"
#include "tests/markdown_table.hpp"

namespace lockstorm::scenarios {
namespace {

struct SettingRow {
  std::string violated;
  std::string right;
  std::string property;  ///< "everything": all of them
};

std::string without_backticks(const std::string& cell) { return cell.substr(1, cell.size() - 2); }

std::vector<SettingRow> rows_of(const std::string& name) {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/" + name);
  std::vector<SettingRow> rows;
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

void each_setting_is_wrong_in_one_scenario_and_right_in_another(const std::vector<SettingRow>& rows) {
  for (const SettingRow& row : rows) {
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

TEST(LeasesPage, EachSettingIsWrongInOneScenarioAndRightInAnother) {
  const std::vector<SettingRow> rows = rows_of("leases.md");
  EXPECT_GE(rows.size(), 20U);
  each_setting_is_wrong_in_one_scenario_and_right_in_another(rows);
}

TEST(StateStoresPage, EachSettingIsWrongInOneScenarioAndRightInAnother) {
  const std::vector<SettingRow> rows = rows_of("state-stores.md");
  EXPECT_GE(rows.size(), 8U);
  each_setting_is_wrong_in_one_scenario_and_right_in_another(rows);
}

}  // namespace
}  // namespace lockstorm::scenarios
