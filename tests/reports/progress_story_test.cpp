// How somebody failed or waited in vain is told by what is wrong in the end, not by what steps look like.
#include "reports/story/progress_story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/words.hpp"
#include "tests/reports/hand_made_run.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using sim::LockUse;
using sim::Who;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using How = scenarios::EndFault::How;

// client-1 works normally and sees its own lock as it unlocks; client-2 meets a lock without a name on it.
HandMadeRun own_unlock_beside_a_waiter() {
  HandMadeRun run(Property::progress);
  run.takes(0);
  run.look(0, Who::process(0)).told.says_locked = true;
  run.look(1, {}).told.says_locked = true;
  run.look(1, {});
  run.look(0, Who::process(0));
  run.call(0, "Release", LockUse::releases);
  run.ends(1);
  return run;
}

TEST(ProgressStory, BlamesNobodyWhoWorksNormally) {
  HandMadeRun run = own_unlock_beside_a_waiter();
  run.wrong(How::gave_up, 1);
  EXPECT_THAT(no_progress(run.told()),
              StartsWith("client-2 is told that the lock is taken, but when it asks"));
  EXPECT_EQ(progress_headline(run.told()), headline(Property::progress));
  EXPECT_THAT(progress_prevention(run.told()), StartsWith("A retry without lock info"));
}

TEST(ProgressStory, LooksForTheStepAmongThoseOfWhomItIsAbout) {
  HandMadeRun run(Property::progress);
  run.refused(1);
  run.look(1, Who::process(1));
  run.takes(0);
  run.look(0, Who::process(0)).told.says_locked = true;
  run.look(0, Who::process(0));
  run.wrong(How::shown_itself, 1);
  EXPECT_THAT(no_progress(run.told()),
              StartsWith("client-2 asks who holds the lock and is shown itself (step 2)"));
}

TEST(ProgressStory, OfARefusalThatNamesTheCaller) {
  HandMadeRun run(Property::progress);
  run.call(0, "LOCK", LockUse::asks).kind = sim::MoveKind::effect_lost_response;
  run.refused(0, Who::process(0));
  run.ends(0);
  run.wrong(How::shown_itself, 0);
  EXPECT_EQ(
      no_progress(run.told()),
      "client-1 is told that the lock is its own (step 2): it takes its own lock for somebody else's and "
      "fails.");
}

TEST(ProgressStory, OfALostAnswerAfterWhichItAsksForTheHolder) {
  HandMadeRun run(Property::progress);
  run.call(0, "PutItem", LockUse::asks).kind = sim::MoveKind::effect_lost_response;
  run.look(0, Who::process(0));
  run.wrong(How::shown_itself, 0);
  EXPECT_THAT(no_progress(run.told()), HasSubstr("is shown itself (step 2)"));
}

TEST(ProgressStory, CountsNoReadOfTheState) {
  HandMadeRun run(Property::progress);
  run.refused(0);
  run.look(0, Who::process(0)).reads_state = true;
  run.wrong(How::shown_itself, 0);
  EXPECT_THAT(no_progress(run.told()), StartsWith("client-1 is refused because of its own lock: "));
}

TEST(ProgressStory, OfNobodyIsToldOnlyOfWhoGaveUp) {
  HandMadeRun run(Property::progress);
  run.refused(0);
  run.look(0, {});
  run.wrong(How::waits, 1);
  EXPECT_EQ(no_progress(run.told()), "client-2 waits for what never comes.");
}

struct Told {
  How how;
  const char* why;
  const char* prevention;
};

class EveryFailure : public testing::TestWithParam<Told> {};

TEST_P(EveryFailure, HasItsSentenceAndItsAdvice) {
  HandMadeRun run(Property::progress);
  run.refused(1);
  run.ends(1);
  run.wrong(GetParam().how, 1);
  EXPECT_THAT(no_progress(run.told()), StartsWith(GetParam().why));
  EXPECT_THAT(progress_prevention(run.told()), StartsWith(GetParam().prevention));
  EXPECT_THAT(progress_prevention(run.told()), Not(HasSubstr("owner check")));
}

INSTANTIATE_TEST_SUITE_P(
    ProgressStory, EveryFailure,
    testing::Values(Told{How::refused_elsewhere,
                         "client-2 is refused because of work on another state, whose lock has the same name",
                         "A lock that is called by all that the state is called by"},
                    Told{How::gave_up_on_conflict, "client-2 loses a race for a lock that is free",
                         "A retry of the job in CI"},
                    Told{How::gave_up, "client-2 was to wait with -lock-timeout and stops",
                         "A retry of the job in CI"},
                    Told{How::waits, "client-2 waits for what never comes", "A look at the lock"}));

}  // namespace
}  // namespace lockstorm::reports
