// Marks of commands: what is written into one is read from it.
#include "models/terraform/milestone.hpp"

#include <gtest/gtest.h>

namespace lockstorm::models {
namespace {

TEST(Milestone, EndingsAreReadAsTheyWereMarked) {
  for (std::uint16_t ending = 0; ending <= static_cast<std::uint16_t>(Ending::no_remote_state); ++ending) {
    for (const bool succeeded : {false, true}) {
      const CommandEnd end{static_cast<Ending>(ending), succeeded};
      const Milestone read = read_mark(mark_of(3, end));
      EXPECT_EQ(read.command, 3);
      ASSERT_TRUE(std::holds_alternative<CommandEnd>(read.what));
      EXPECT_EQ(std::get<CommandEnd>(read.what), end);
    }
  }
}

TEST(Milestone, GoalsAreReadAsTheyWereMarked) {
  for (std::size_t i = 0; i < kGoals; ++i) {
    const auto goal = static_cast<Goal>(i);
    const Milestone read = read_mark(mark_of(1, goal));
    EXPECT_EQ(read.command, 1);
    ASSERT_TRUE(std::holds_alternative<Goal>(read.what));
    EXPECT_EQ(std::get<Goal>(read.what), goal);
    EXPECT_EQ(goal_named(goal_name(goal)), goal);
  }
  EXPECT_EQ(goal_named("grantd"), std::nullopt);
}

TEST(CommandEnd, WhoSavedAllAndCouldNotUnlockIsTold) {
  EXPECT_EQ((CommandEnd{Ending::applied, true}.describe()), "applied");
  EXPECT_EQ((CommandEnd{Ending::applied, false}.describe()), "applied, but could not unlock");
  EXPECT_EQ((CommandEnd{Ending::read_failed, false}.describe()), "failed: state cannot be read");
}

}  // namespace
}  // namespace lockstorm::models
