// The table of limits in docs/engines.md says what the searches go by.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "scenarios/search/limits.hpp"
#include "test_paths.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

// "20,000", "3 million".
std::string in_words(std::uint64_t number) {
  if (number % 1'000'000 == 0) return fmt::format("{} million", number / 1'000'000);
  return number < 1'000 ? fmt::format("{}", number) : fmt::format("{},{:03}", number / 1'000, number % 1'000);
}

TEST(EnginesPage, NamesTheLimitsThatSearchesGoBy) {
  std::ifstream file(LOCKSTORM_SOURCE "/docs/engines.md");
  const std::string page{std::istreambuf_iterator(file), {}};
  EXPECT_THAT(page, HasSubstr(in_words(limits::kStatesWorthClosing) + " states, the automata are closed"));
  EXPECT_THAT(page, HasSubstr(fmt::format("| {} passes over automata", limits::kPasses)));
  EXPECT_THAT(page, HasSubstr(in_words(limits::kClosedNodes) + " nodes of an automaton to be closed"));
  ASSERT_EQ(limits::kDecisiveStates, limits::kStatesWithoutAClient) << "one row for both";
  EXPECT_THAT(page, HasSubstr(in_words(limits::kDecisiveStates) + " states for the decisive moment"));
  EXPECT_THAT(page, HasSubstr(in_words(limits::kWhatIfStates) + " states for each change that is tried"));
  EXPECT_THAT(page, HasSubstr(in_words(limits::kSurveyedStates) + " states for the survey of mechanisms"));
  EXPECT_THAT(page, HasSubstr(fmt::format("{} states to prove that what `hunt` has found is as small as can "
                                          "be, and {} steps of a try",
                                          in_words(limits::kShrinkStates), in_words(limits::kStepsOfATry))));
  EXPECT_THAT(page, HasSubstr(fmt::format("{} states (after `hunt` {})", in_words(limits::kCalmStates),
                                          in_words(limits::kCalmStatesOfAHunt))));
  ASSERT_EQ(limits::kFinishStatesOfARun, limits::kFinishStatesOfATry) << "one row for both";
  EXPECT_THAT(page,
              HasSubstr(fmt::format("{} states (in `hunt` and while shrinking {})",
                                    in_words(limits::kFinishStates), in_words(limits::kFinishStatesOfARun))));
  EXPECT_THAT(page, HasSubstr(fmt::format("{} times as long as the longest", limits::kLongestRun)));
  EXPECT_THAT(page, HasSubstr(fmt::format("`simulate` of {} steps", in_words(limits::kStepsOfASimulation))));
}

}  // namespace
}  // namespace lockstorm::scenarios
