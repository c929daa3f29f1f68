// Wrapping, columns and tables.
#include "reports/format/layout.hpp"

#include <gtest/gtest.h>

#include "checkers/property_set.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"

namespace lockstorm::reports {
namespace {

TEST(Wrap, BreaksBetweenWordsAndOnlyThere) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("", 7), std::vector<std::string>{""});
}

TEST(Wrap, NeverCutsText) {
  const std::string text = "LS1-abcdefghijklmnop and more \xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6";
  for (std::size_t width = 4; width < 30; ++width) {
    std::string together;
    for (const std::string& line : wrap(text, width)) {
      EXPECT_LE(text_width(line), width);
      together += line;
    }
    std::erase(together, ' ');
    std::string expected = text;
    std::erase(expected, ' ');
    EXPECT_EQ(together, expected);
  }
}

TEST(Numbers, AreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1234567), "1 234 567");
  EXPECT_EQ(counted(1, "fault"), "1 fault");
  EXPECT_EQ(duration_text(std::chrono::minutes(5)), "5m");
  EXPECT_EQ(duration_text(std::chrono::milliseconds(0)), "0s");
  EXPECT_EQ(duration_text(std::chrono::milliseconds(90'000)), "90s");
}

TEST(StepTable, HasAColumnForEachActorAndMarksRows) {
  scenarios::Counterexample counterexample;
  counterexample.actors = {"client-1", "client-2"};
  const auto add = [&](std::size_t number, const std::string& actor, const std::string& text, bool fault,
                       bool relevant) {
    scenarios::CounterexampleStep step;
    step.number = number;
    step.at = "0s";
    step.actor = actor;
    step.text = text;
    step.adverse = fault ? scenarios::Adverse::fault : scenarios::Adverse::no;
    step.is_relevant = relevant;
    counterexample.steps.push_back(step);
  };
  add(1, "client-1", "locks", false, true);
  add(2, "client-2", "waits", false, false);
  add(3, "client-1", "freezes", true, true);
  add(4, "client-2", "locks", false, true);
  counterexample.decisive_step = 3;
  EXPECT_EQ(step_table(counterexample, Rows::relevant, {.colour = false, .width = 40}),
            "   step  client-1      client-2\n"
            "   ----  ------------  --------------\n"
            "      1  locks\n"
            ">!    3  freezes\n"
            " x    4                locks\n"
            "   ! an adverse event, > the decisive\n"
            "   moment, x the last step; 3 of 4 steps\n"
            "   shown\n");
}

TEST(Words, EveryPropertyHasAHeadline) {
  for (const checkers::Property property : checkers::PropertySet::all())
    EXPECT_TRUE(headline(property).ends_with('.'));
}

}  // namespace
}  // namespace lockstorm::reports
