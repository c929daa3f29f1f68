// What a story refers to is in the table below it, and the table has no more than the story needs.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>

#include "reports/story/narrative.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/text/step_table.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;

// Numbers at the beginnings of rows.
std::set<int> rows_of(const std::string& table) {
  const std::regex row("(?:^|\n)[ >!x]{3} +([0-9]+)  ");
  std::set<int> numbers;
  for (std::sregex_iterator i(table.begin(), table.end(), row), end; i != end; ++i)
    numbers.insert(std::stoi((*i)[1]));
  return numbers;
}

std::set<int> steps_named_in(const std::string& text) {
  const std::regex name("step ([0-9]+)");
  std::set<int> numbers;
  for (std::sregex_iterator i(text.begin(), text.end(), name), end; i != end; ++i)
    numbers.insert(std::stoi((*i)[1]));
  return numbers;
}

class StorySteps : public testing::TestWithParam<const char*> {};

TEST_P(StorySteps, AreAllInTheTable) {
  const Style wide{.width = 400};
  std::size_t stories = 0;
  const auto found = scenarios::find_scenarios({GetParam()});
  ASSERT_TRUE(found.has_value());
  for (const scenarios::Scenario& scenario : *found) {
    const scenarios::VerifyResult result = scenarios::verify(scenario, {});
    for (const scenarios::Counterexample& told : result.counterexamples) {
      const std::string table = step_table(told, Rows::relevant, wide);
      const std::set<int> shown = rows_of(table);
      for (const int step : steps_named_in(why(told) + table))
        EXPECT_TRUE(shown.contains(step)) << scenario.name << ": step " << step << "\n" << why(told);
      ++stories;
    }
  }
  EXPECT_GT(stories, 0U);
}

INSTANTIATE_TEST_SUITE_P(Library, StorySteps,
                         testing::Values("s3/lockfile/*", "gcs/terraform/*", "pg/terraform/*",
                                         "consul/terraform/*", "http/gitlab/terraform/*",
                                         "remote/terraform/*", "cos/terraform/*", "lock-table/l1-3*",
                                         "commands/*"));
INSTANTIATE_TEST_SUITE_P(NightlyLibrary, StorySteps, testing::Values("*"));

scenarios::Counterexample told(const std::string& name, Property property) {
  const auto result = scenarios::verify(*scenarios::find_scenario(name), {});
  const auto* found = result.counterexample_of(property);
  if (found == nullptr) throw std::invalid_argument("held");
  return *found;
}

bool is_shown(const scenarios::Counterexample& counterexample, auto what) {
  return std::ranges::any_of(counterexample.steps,
                             [&](const Step& step) { return step.is_relevant && what(step); });
}

TEST(RelevantSteps, OfTwoHoldersAreAboutTheLock) {
  const auto two = told("azurerm/terraform/force-unlock-paused", Property::mutual_exclusion);
  EXPECT_TRUE(is_shown(two, [](const Step& step) { return step.about.lock == sim::LockUse::asks; }));
  EXPECT_FALSE(is_shown(
      two, [](const Step& step) { return step.reads_state && step.about.lock == sim::LockUse::none; }));
}

TEST(RelevantSteps, OfALostUpdateAreReadsAndWritesOfTheState) {
  const auto lost = told("s3/lockfile/terraform/force-unlock-paused", Property::no_lost_update);
  EXPECT_TRUE(is_shown(lost, [](const Step& step) { return step.reads_state; }));
  EXPECT_TRUE(is_shown(lost, [](const Step& step) { return step.writes_state; }));
  EXPECT_FALSE(is_shown(lost, [](const Step& step) {
    return step.about.lock == sim::LockUse::asks && step.told.is_refusal &&
           step.adverse == scenarios::Adverse::no;
  }));
}

}  // namespace
}  // namespace lockstorm::reports
