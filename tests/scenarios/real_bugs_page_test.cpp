// docs/real-bugs.md says what the library expects and finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "reports/story/mechanism_words.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "test_paths.hpp"
#include "tests/markdown_table.hpp"

namespace lockstorm::scenarios {
namespace {

struct ReportRow {
  std::string id;        ///< "RB-18"
  std::string scenario;  ///< empty: none
  std::string property;
  std::string mechanism;  ///< or why there is none
  std::vector<std::string> mentioned;
};

std::vector<std::string> names_in_backticks(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = text.find('`'); begin != std::string::npos; begin = text.find('`', begin)) {
    const std::size_t end = text.find('`', begin + 1);
    names.push_back(text.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return names;
}

std::vector<ReportRow> report_rows() {
  std::ifstream page(std::string(LOCKSTORM_SOURCE) + "/docs/real-bugs.md");
  std::vector<ReportRow> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| RB-")) continue;
    const std::vector<std::string> cells = table_cells(line);
    if (cells.size() != 5) throw std::runtime_error("five cells: " + line);
    const std::vector<std::string> names = names_in_backticks(cells[2]);
    rows.push_back({cells[0].substr(0, cells[0].find(' ')), names.empty() ? "" : names.front(), cells[3],
                    cells[4], names_in_backticks(line)});
  }
  return rows;
}

TEST(RealBugsPage, HasARowForEachReport) {
  std::set<std::string> ids;
  for (const ReportRow& row : report_rows()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
  EXPECT_EQ(ids.size(), 82U);
}

// Every path in backticks is a scenario, and what a row finds is expected there.
TEST(RealBugsPage, NamesScenariosOfTheLibrary) {
  std::size_t found = 0;
  for (const ReportRow& row : report_rows()) {
    SCOPED_TRACE(row.id);
    for (const std::string& name : row.mentioned) {
      const bool is_path = name.contains('/') && !name.contains(' ');
      if (is_path) {
        EXPECT_NE(library_entry(name), nullptr) << name;
      }
    }
    if (row.scenario.empty()) {
      EXPECT_EQ(row.property, "-");
      continue;
    }
    ++found;
    const auto scenario = find_scenario(row.scenario);
    const auto property = checkers::property_named(row.property);
    ASSERT_TRUE(scenario && property);
    EXPECT_TRUE(scenario->expects_violation(*property));
  }
  EXPECT_GE(found, 64U);
}

// The first counterexample is the mechanism of the report, by the typed story.
TEST(RealBugsPage, TellsTheFirstCounterexample) {
  for (const ReportRow& row : report_rows()) {
    if (row.scenario.empty()) continue;
    SCOPED_TRACE(row.id);
    auto scenario = find_scenario(row.scenario);
    const auto property = checkers::property_named(row.property);
    ASSERT_TRUE(scenario && property);
    scenario->check = checkers::PropertySet{*property};
    VerifyOptions options;
    options.explain = false;
    const VerifyResult result = verify(*scenario, options);
    ASSERT_FALSE(result.counterexamples.empty()) << result.why;
    ASSERT_TRUE(result.counterexamples.front().mechanism);
    const std::string text = reports::mechanism_text(*result.counterexamples.front().mechanism);
    EXPECT_TRUE(row.mechanism.starts_with(text)) << text << "\n" << row.mechanism;
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
