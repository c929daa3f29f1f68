// Each row of scenarios/library/matrix.txt says what `verify` finds in its scenario, and tells of it.
#include "scenarios/files/matrix_goldens.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "reports/format/layout.hpp"
#include "reports/story/narrative.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/parallel.hpp"
#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::MatrixGolden;

constexpr std::string_view kAboutTheTable =
    "# Every number of `lockstorm matrix`: its scenario's name and configuration, the size of the shortest\n"
    "# counterexample, and its story without step numbers. Empty lines divide the rows. Tests hold it to\n"
    "# the models; LOCKSTORM_UPDATE_GOLDEN=1 ctest --preset release -R MatrixGoldens.AreWhat renews it.\n";

// Without the report's table its step numbers say nothing.
std::string without_step_numbers(const std::string& text) {
  static const std::regex kNumbers(R"( \((since )?step \d+\)| at step \d+|, step \d+(?=\)))");
  static const std::regex kMoment(R"(By step \d+ )");
  return std::regex_replace(std::regex_replace(text, kNumbers, ""), kMoment, "Meanwhile ");
}

std::string story_of(const scenarios::Counterexample& counterexample) {
  const Style style{.colour = false, .width = 110};
  std::string story = paragraph(headline_of(counterexample), style, 2) +
                      paragraph(without_step_numbers(why(counterexample)), style, 2);
  story.pop_back();
  return story;
}

// As the row of that name should be.
std::string row_of(const std::string& name, const std::string& configuration) {
  scenarios::Scenario scenario = scenarios::find_scenario(configuration).value();
  const auto property = checkers::property_named(name.substr(name.rfind('/') + 1)).value();
  scenario.check = checkers::PropertySet{property};
  const scenarios::VerifyResult result = scenarios::verify(scenario, {});
  const scenarios::Counterexample* found = result.counterexample_of(property);
  if (found == nullptr) return fmt::format("{}\n  {}\n  has no counterexample", name, configuration);
  return fmt::format("{}\n  {}\n  {}, {}\n{}", name, configuration,
                     counted(found->adverse_events, "adverse event"), counted(found->schedule.size(), "step"),
                     story_of(*found));
}

// Name and configuration.
using Cells = std::vector<std::pair<std::string, std::string>>;

Cells cells_of_table() {
  Cells cells;
  for (const MatrixGolden& golden : scenarios::matrix_goldens())
    cells.emplace_back(golden.name, golden.configuration);
  return cells;
}

// By running the matrix, which takes a minute.
Cells cells_of_matrix() {
  Cells cells;
  const auto printed = nlohmann::json::parse(cli::lockstorm("matrix --json -", false).out);
  for (const auto& row : printed.at("matrix")) {
    auto backend = row.at("backend").get<std::string>();
    std::ranges::replace(backend, '+', '-');
    for (const auto& [property, cell] : row.at("properties").items()) {
      if (cell.at("verdict") != "violated") continue;
      cells.emplace_back(fmt::format("matrix/{}/{}/{}", backend, row.at("tool").get<std::string>(), property),
                         cell.at("configuration").get<std::string>());
    }
  }
  std::ranges::sort(cells);
  return cells;
}

std::vector<std::string> rows_of(const Cells& cells) {
  std::vector<std::string> rows(cells.size());
  sim::run_parallel(2, cells.size(), [&](std::size_t i) {
    const auto& [name, configuration] = cells[i];
    rows[i] = row_of(name, configuration);
  });
  return rows;
}

// That no number has been left out or is another by now: tests/docs/matrix_page.py, which runs the matrix.
TEST(MatrixGoldens, AreWhatVerifyFindsAndTells) {
  if (std::getenv("LOCKSTORM_UPDATE_GOLDEN") != nullptr) {
    const std::vector<std::string> rows = rows_of(cells_of_matrix());
    std::ofstream table(LOCKSTORM_SOURCE "/scenarios/library/matrix.txt");
    table << kAboutTheTable;
    for (const std::string& row : rows) table << "\n" << row << "\n";
    return;
  }
  const std::vector<std::string> rows = rows_of(cells_of_table());
  ASSERT_GT(rows.size(), 0U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const MatrixGolden& golden = scenarios::matrix_goldens()[i];
    EXPECT_EQ(rows[i], golden.text) << "scenarios/library/matrix.txt:" << golden.line
                                    << ": if this change is meant, run with LOCKSTORM_UPDATE_GOLDEN=1";
  }
}

TEST(MatrixGoldens, AreScenariosOfTheLibrary) {
  for (const MatrixGolden& golden : scenarios::matrix_goldens()) {
    const auto scenario = scenarios::find_scenario(std::string(golden.name));
    ASSERT_TRUE(scenario) << scenario.error().render();
    EXPECT_TRUE(is_of_library(*scenario));
    const auto property = checkers::property_named(property_of(golden));
    ASSERT_TRUE(property) << golden.name;
    EXPECT_EQ(scenario->check, checkers::PropertySet{*property}) << golden.name;
    EXPECT_EQ(scenario->expect, (decltype(scenario->expect){{*property, scenarios::Expectation::violated}}));
    EXPECT_EQ(fingerprint(*scenario),
              fingerprint(*scenarios::find_scenario(std::string(golden.configuration))));
    EXPECT_TRUE(scenario->description.ends_with('.')) << golden.name;
    EXPECT_EQ(scenario->description.find(" step "), std::string::npos) << golden.name;
  }
}

// A number is one of a counterexample that has all that its configuration declares, and nothing besides: each
// kind of adverse event that is told was needed, and none is told that was not.
TEST(MatrixGoldens, SpendAllThatTheirConfigurationsDeclare) {
  static const std::regex kEvents(R"(\n  (\d+) adverse events?, )");
  for (const MatrixGolden& golden : scenarios::matrix_goldens()) {
    const auto scenario = scenarios::find_scenario(std::string(golden.configuration));
    ASSERT_TRUE(scenario) << scenario.error().render();
    const std::string text(golden.text);
    std::smatch events;
    ASSERT_TRUE(std::regex_search(text, events, kEvents)) << text;
    EXPECT_EQ(std::stoul(events[1]), adverse_events(*scenario))
        << golden.name << " (" << golden.configuration << ")";
  }
}

TEST(MatrixGoldens, KnowWhereTheyStandInTheTable) {
  std::ifstream table(LOCKSTORM_SOURCE "/scenarios/library/matrix.txt");
  std::vector<std::string> lines;
  for (std::string line; std::getline(table, line);) lines.push_back(line);
  for (const MatrixGolden& golden : scenarios::matrix_goldens()) {
    ASSERT_LE(golden.line, lines.size());
    EXPECT_EQ(lines[golden.line - 1], golden.name);
    EXPECT_EQ(scenarios::library_entry(golden.name)->line, golden.line);
  }
}

}  // namespace
}  // namespace lockstorm::reports
