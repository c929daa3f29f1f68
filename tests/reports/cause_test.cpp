// What a counterexample comes from, and what is advised for it, by facts that are made by hand.
#include "reports/story/cause.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "reports/story/left_lock_story.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/files/library.hpp"
#include "tests/reports/hand_made_run.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::LeftLock;
using sim::LockUse;
using sim::MoveKind;
using sim::Who;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t kOperator = HandMadeRun::kOperator;

scenarios::Scenario two_jobs() { return *scenarios::find_scenario("gcs/terraform/force-unlock-paused"); }

Step& removes(HandMadeRun& run, std::size_t whose) {
  Step& removal = run.call(kOperator, "delete", LockUse::releases);
  removal.frees = run.actor(whose);
  return removal;
}

TEST(CauseOfARemoval, IsWhomTheOperatorWasShown) {
  HandMadeRun robbed(Property::mutual_exclusion);
  robbed.takes(0);
  robbed.look(kOperator, Who::process(0));
  removes(robbed, 0);
  robbed.takes(1);
  EXPECT_EQ(cause_of(two_jobs(), robbed.told()), Cause::robbed);

  HandMadeRun wrong(Property::mutual_exclusion);
  wrong.takes(0);
  wrong.look(kOperator, Who::process(0));
  wrong.call(0, "delete", LockUse::releases).frees = wrong.actor(0);
  wrong.takes(1);
  removes(wrong, 1);
  wrong.takes(0);
  EXPECT_EQ(cause_of(two_jobs(), wrong.told()), Cause::wrong_lock);
}

// The info of client-1's lock, and then the generation of client-2's.
TEST(CauseOfARemoval, MayBeAnAnswerInTwoParts) {
  HandMadeRun mixed(Property::own_lock_only);
  mixed.takes(0);
  mixed.look(kOperator, Who::process(0));
  mixed.call(0, "delete", LockUse::releases).frees = mixed.actor(0);
  mixed.takes(1);
  mixed.look(kOperator, {});
  removes(mixed, 1);
  EXPECT_EQ(cause_of(two_jobs(), mixed.told()), Cause::shown_mixture);
  EXPECT_THAT(prevention(two_jobs(), mixed.told()), StartsWith("An ID that comes with its lock's info"));
}

TEST(AdviceAgainstAForeignLock, IsAConditionalWriteWhereNothingIsReleased) {
  HandMadeRun run(Property::own_lock_only);
  run.takes(0);
  run.call(1, "Set Blob Metadata", LockUse::notes);
  EXPECT_THAT(prevention(two_jobs(), run.told()), StartsWith("A conditional write of the lock's record"));
  run.call(1, "delete", LockUse::releases);
  EXPECT_THAT(prevention(two_jobs(), run.told()), StartsWith("A conditional delete"));
}

// client-2 creates what client-1 has created; `between` is what becomes of client-1.
std::string advice_on_second_creation(const std::function<void(HandMadeRun&)>& between) {
  HandMadeRun run(Property::no_drift);
  run.takes(0);
  run.call(0, "CreateResource");
  between(run);
  run.call(1, "CreateResource");
  return prevention(two_jobs(), run.told());
}

TEST(AdviceAgainstASecondCreation, FollowsWhatBecameOfTheFirst) {
  EXPECT_THAT(advice_on_second_creation([](HandMadeRun& run) { run.event(0, MoveKind::crash); }),
              StartsWith("Give a killed job time to stop, and import"));
  EXPECT_THAT(advice_on_second_creation([](HandMadeRun& run) { run.ends(0); }),
              StartsWith("The errored.tfstate of the job that could not save"));
  EXPECT_THAT(advice_on_second_creation([](HandMadeRun& run) {
                run.event(0, MoveKind::signal);
                run.event(0, MoveKind::signal);
                run.ends(0);
              }),
              StartsWith("One interrupt only"));
  EXPECT_THAT(advice_on_second_creation([](HandMadeRun& run) {
                run.call(0, "objects.insert").writes_state = true;
                run.ends(0);
              }),
              StartsWith("A release that names the lock's generation"));
}

TEST(AdviceAgainstAForgottenResource, SpeaksOfKillsOnlyWhereSomebodyIsKilled) {
  HandMadeRun run(Property::no_drift);
  run.takes(0);
  run.call(0, "CreateResource");
  run.ends(0);
  EXPECT_THAT(prevention(two_jobs(), run.told()), Not(HasSubstr("killed")));
  HandMadeRun killed(Property::no_drift);
  killed.takes(0);
  killed.call(0, "CreateResource");
  killed.event(0, MoveKind::crash);
  EXPECT_THAT(prevention(two_jobs(), killed.told()), HasSubstr("give a killed job time"));
}

// An unaware client-1; the facts of its outcome and of its lock as given.
HandMadeRun unaware(bool is_shown, bool has_id) {
  HandMadeRun run(Property::lock_released);
  run.takes(0);
  run.look(0, Who::process(0)).told.says_locked = true;
  run.look(0, Who::process(0));
  LeftLock left{.how = LeftLock::How::unaware, .slot = 0, .outcome = {}, .has_id = has_id, .cleared = has_id};
  left.outcome.own_lock_shown = is_shown ? 1 : 0;
  run.told().left_locks.push_back(left);
  return run;
}

TEST(LeftLockStory, SaysWhatItsJobWasShown) {
  EXPECT_THAT(lock_left(unaware(true, true).told()), HasSubstr("is shown its own lock (step 3)"));
  EXPECT_THAT(lock_left(unaware(false, true).told()), HasSubstr("ends without releasing the lock"));
}

TEST(LeftLockStory, AdvisesByWhyTheJobIsUnaware) {
  EXPECT_THAT(lock_left_prevention(unaware(true, true).told()), StartsWith("An owner check"));
  EXPECT_THAT(lock_left_prevention(unaware(true, false).told()), StartsWith("Nothing that force-unlock can"));
  EXPECT_THAT(lock_left_prevention(unaware(false, true).told()), StartsWith("A look for its own lock"));
  HandMadeRun interrupted = unaware(false, true);
  interrupted.event(0, MoveKind::signal);
  interrupted.event(0, MoveKind::signal);
  EXPECT_THAT(lock_left_prevention(interrupted.told()), StartsWith("One interrupt only"));
}

TEST(Why, DoesNotDenyWhatAnOperatorDid) {
  HandMadeRun run(Property::own_lock_only);
  run.takes(0);
  EXPECT_THAT(why(run.told()), HasSubstr("No fault is needed"));
  removes(run, 0).adverse = scenarios::Adverse::intervention;
  run.told().adverse_events = 1;
  EXPECT_THAT(why(run.told()), StartsWith("An operator runs force-unlock. operator's delete"));
}

TEST(Why, SaysWhichWayALockIsNotRecovered) {
  HandMadeRun stays(Property::stale_lock_recovery);
  stays.takes(0);
  stays.wrong(scenarios::EndFault::How::not_cleared);
  EXPECT_THAT(why(stays.told()), HasSubstr("does not clear it."));
  HandMadeRun stolen(Property::stale_lock_recovery);
  stolen.takes(0);
  stolen.takes(1).frees = stolen.actor(0);
  EXPECT_THAT(why(stolen.told()), HasSubstr("takes the lock from client-1, which is alive."));
  EXPECT_THAT(why(stolen.told()), Not(HasSubstr("clear")));
}

TEST(TriedChanges, SpeakOfTheirProperty) {
  HandMadeRun run(Property::own_lock_only);
  run.told().tried.push_back({.rule = "a rule",
                              .setting = "a: setting",
                              .in_audit = "",
                              .price = "",
                              .verdict = scenarios::Verdict::violated,
                              .states = 1});
  EXPECT_EQ(tried_changes(two_jobs(), run.told()), "Tried, and none makes own-lock-only hold: `a: setting`.");
}

}  // namespace
}  // namespace lockstorm::reports
