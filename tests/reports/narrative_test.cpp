// The stories that reports tell, on real counterexamples of the library.
#include "reports/story/narrative.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/prevention.hpp"
#include "reports/story/step_queries.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using testing::HasSubstr;
using testing::Not;

struct Story {
  std::string why;
  std::string prevention;
  std::string headline;
  std::string table;  ///< the steps that are shown, one a line
};

Story story(const std::string& name, Property property) {
  const auto scenario = scenarios::find_scenario(name);
  if (!scenario) return {scenario.error().render(), "", "", ""};
  const scenarios::VerifyResult result = scenarios::verify(*scenario, {});
  for (const scenarios::Counterexample& counterexample : result.counterexamples) {
    if (counterexample.property != property) continue;
    Story told{why(counterexample), prevention(*scenario, counterexample),
               std::string(headline_of(counterexample)), ""};
    for (const Step& step : counterexample.steps) {
      if (step.is_relevant) told.table += step.actor + ": " + step.text + " (" + step.note + ")\n";
    }
    return told;
  }
  return {"no counterexample", "", "", ""};
}

TEST(Story, OfALockThatVanishesBetweenTwoQuestions) {
  const Story told =
      story("audit/terraform/s3+lockfile/jobs=2,lock-timeout=5m/no-faults", Property::progress);
  EXPECT_THAT(told.why, HasSubstr("when it asks by whom"));
  EXPECT_THAT(told.prevention, HasSubstr("try again"));
}

TEST(Story, OfAClientThatMeetsItsOwnLock) {
  const Story told = story("audit/terraform/s3+lockfile/jobs=2/lose_response", Property::progress);
  EXPECT_THAT(told.why, HasSubstr("its response is lost"));
  EXPECT_THAT(told.why, HasSubstr("is shown itself"));
  EXPECT_THAT(told.prevention, HasSubstr("owner check"));
}

TEST(Story, OfARepeatedDelete) {
  const Story told = story("audit/terraform/s3+lockfile/jobs=2/lose_response", Property::own_lock_only);
  EXPECT_THAT(told.why, HasSubstr("hits a lock that is not the one it means: client-2 took it"));
  EXPECT_THAT(told.prevention, HasSubstr("conditional delete"));
}

TEST(Story, OfAForceUnlockOfAPausedJob) {
  const Story told =
      story("audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive", Property::mutual_exclusion);
  EXPECT_THAT(told.why, HasSubstr("client-1 freezes"));
  EXPECT_THAT(told.why, HasSubstr("removes client-1's lock"));
  EXPECT_THAT(told.prevention, HasSubstr("Force-unlock only once"));
}

TEST(Story, OfALateWrite) {
  const Story told = story("audit/terraform/s3+lockfile/jobs=2/late_request", Property::no_lost_update);
  EXPECT_THAT(told.why, HasSubstr("replaces what client-2 saved"));
  EXPECT_THAT(told.prevention, HasSubstr("If-Match"));
}

TEST(Story, OfASplitDigest) {
  const Story told = story("audit/terraform/s3+dynamodb/jobs=2/crash", Property::state_integrity);
  EXPECT_THAT(told.why, HasSubstr("is killed"));
  EXPECT_THAT(told.prevention, HasSubstr("digest"));
}

TEST(Story, OfALockRequestThatMeetsItself) {
  const Story told = story("http/gitlab/terraform/lost-response", Property::progress);
  EXPECT_THAT(told.why, HasSubstr("client-1 is told that the lock is its own (step"));
  EXPECT_THAT(told.why, Not(HasSubstr("asks who holds")));
  EXPECT_THAT(told.prevention, HasSubstr("owner check"));
}

// Facts come from the services' records, so a server of any kind will do.
TEST(Story, OfAForceUnlockOnAnyServer) {
  for (const std::string name :
       {"kubernetes/opentofu/force-unlock-paused", "http/blob/terraform/force-unlock-paused"}) {
    const Story excluded = story(name, Property::mutual_exclusion);
    EXPECT_THAT(excluded.why, HasSubstr("removes client-1's lock"));
    EXPECT_THAT(excluded.prevention, HasSubstr("Force-unlock only once"));
    EXPECT_THAT(story(name, Property::no_lost_update).why, HasSubstr("replaces what client-"));
    EXPECT_THAT(story(name, Property::state_integrity).why, HasSubstr("under a serial that is taken"));
  }
}

TEST(Story, OfAStateInParts) {
  const Story told = story("kubernetes/parts/crash", Property::state_integrity);
  EXPECT_THAT(told.why, HasSubstr("every later job fails to read"));
  EXPECT_THAT(told.prevention, HasSubstr("one after the other"));
}

TEST(Story, OfNoLockAtAll) {
  const Story told = story("audit/terraform/s3/jobs=2/no-faults", Property::no_lost_update);
  EXPECT_THAT(told.why, HasSubstr("No fault is needed"));
  EXPECT_THAT(told.prevention, HasSubstr("use_lockfile = true"));
}

// What is told of requests has to be true of the run.
TEST(Story, OfAKillNamesWhatIsStillOnItsWay) {
  const Story done = story("audit/terraform/s3+dynamodb/jobs=2/crash", Property::state_integrity);
  EXPECT_THAT(done.table, HasSubstr("client-1: is killed ("));
  EXPECT_THAT(done.why, HasSubstr("after its PutObject"));
  EXPECT_THAT(done.why, Not(HasSubstr("on its way")));
  EXPECT_THAT(done.why, HasSubstr("-md5 item: MD5 of serial 1"));
  const Story late =
      story("audit/terraform/s3+dynamodb/jobs=2/crash,late_request,operator=dead", Property::no_lost_update);
  EXPECT_THAT(late.why, HasSubstr("still on its way"));
}

TEST(Story, OfARequestThatAFrozenJobHadSent) {
  const std::string name = "audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive";
  const Story change = story(name, Property::exclusive_effects);
  EXPECT_THAT(change.why, HasSubstr("sent before it froze (step 19), takes effect only now"));
  EXPECT_THAT(change.why, Not(HasSubstr("goes on")));
  EXPECT_THAT(change.table, HasSubstr("client-1: sent before it froze (step 19), arrives only now: updates"));
  EXPECT_THAT(change.prevention, HasSubstr("Force-unlock only once"));
  const Story write = story(name, Property::no_lost_update);
  EXPECT_THAT(write.why,
              HasSubstr("PutObject of the state (step 62), sent before it froze (step 26), replaces"));
}

TEST(Story, OfARetryOfTheClientLibrary) {
  const std::string name = "audit/terraform/s3+dynamodb/jobs=2/lose_response";
  const Story own = story(name, Property::progress);
  EXPECT_THAT(own.why, HasSubstr("client-1 sends it again (step 14)."));
  EXPECT_THAT(own.why, HasSubstr("takes its own lock for somebody else's and fails."));
  EXPECT_EQ(own.headline, "A job can take its own lock for somebody else's.");
  const Story left = story(name, Property::lock_released);
  EXPECT_THAT(left.headline, HasSubstr("A lock can stay behind"));
  EXPECT_THAT(left.why, HasSubstr("client-1 is shown its own lock"));
  EXPECT_THAT(left.why, HasSubstr("until somebody runs force-unlock with the ID that is shown"));
  EXPECT_THAT(own.table, HasSubstr("client-1: sent again, as no answer came: PutItem lock if absent"));
  EXPECT_THAT(own.table, HasSubstr("client-1: gets: client-1's lock (ends)"));
  const Story robbed = story(name, Property::own_lock_only);
  EXPECT_THAT(robbed.why,
              HasSubstr("client-1 sends it again (step 41). client-1's DeleteItem (step 41) hits a lock"));
  EXPECT_THAT(story(name, Property::exclusive_effects).table,
              HasSubstr("client-1: sent again, as no answer came: DeleteItem lock"));
}

// The lock becomes free, so the headline of the property fits.
TEST(Story, OfALockThatBecomesFree) {
  const Story told =
      story("audit/terraform/s3+lockfile/jobs=2,lock-timeout=5m/no-faults", Property::progress);
  EXPECT_THAT(told.headline, HasSubstr("although the lock it waits for becomes free"));
  EXPECT_THAT(told.why, Not(HasSubstr("stays behind")));
}

// A reader finds out where state and digest do not fit.
TEST(Story, OfALostUpdateThatADigestMayShow) {
  EXPECT_THAT(story("audit/terraform/s3+dynamodb/jobs=2/late_request", Property::no_lost_update).why,
              HasSubstr("every later job fails to read the state"));
  EXPECT_THAT(story("audit/terraform/s3+lockfile/jobs=2/late_request", Property::no_lost_update).why,
              HasSubstr("and nobody is told"));
}

TEST(Story, OfNoLockSpeaksOfNone) {
  const Story told = story("audit/terraform/s3/jobs=2/no-faults", Property::mutual_exclusion);
  EXPECT_EQ(told.headline, "Two applies can run at the same time.");
  EXPECT_THAT(told.why, HasSubstr("goes ahead without a lock"));
  EXPECT_THAT(told.table, HasSubstr("(goes ahead without a lock)"));
  EXPECT_THAT(told.table, Not(HasSubstr("holds the lock")));
  const Story mixed = story("commands/apply-unlocked", Property::mutual_exclusion);
  EXPECT_THAT(mixed.headline, HasSubstr("without a lock can run while another one holds the lock"));
}

TEST(Story, OfALostRequest) {
  EXPECT_THAT(story("azurerm/terraform/lost-request", Property::stale_lock_recovery).why,
              HasSubstr("The request of client-1's Get Blob Properties"));
}

TEST(Story, OfAPushWithForce) {
  const Story told = story("commands/push-force", Property::no_lost_update);
  EXPECT_THAT(told.why, HasSubstr("client-1 runs state pull, then state push -force; client-2 runs apply"));
  EXPECT_THAT(told.why, HasSubstr("it is based on what client-1 read"));
  EXPECT_THAT(told.prevention, HasSubstr("without -force"));
}

TEST(Story, OfAStateThatWasLeftBehind) {
  const Story told = story("commands/migration", Property::no_lost_update);
  EXPECT_THAT(told.why, HasSubstr("from which the state has been migrated away"));
  EXPECT_THAT(told.prevention, HasSubstr("One backend block at a time"));
}

TEST(Story, OfAStateThatACopyReplaces) {
  const Story told = story("commands/migration-too-early", Property::no_lost_update);
  EXPECT_THAT(told.why,
              HasSubstr("client-1's PutObject of the state (step 64) replaces what client-2 saved"));
}

TEST(Story, OfTwoWaysOfLocking) {
  EXPECT_THAT(story("commands/mixed-lock-modes", Property::mutual_exclusion).prevention,
              HasSubstr("same backend arguments"));
  EXPECT_THAT(story("commands/apply-unlocked", Property::no_lost_update).prevention,
              HasSubstr("client-1 runs with -lock=false"));
}

TEST(Story, OfAWorkspaceThatIsDeletedWithoutItsLock) {
  EXPECT_THAT(story("commands/workspace-delete", Property::exclusive_effects).prevention,
              HasSubstr("unlocks first"));
  EXPECT_THAT(story("commands/import-beside-apply", Property::no_drift).prevention,
              HasSubstr("`import` or `removed` block"));
}

}  // namespace
}  // namespace lockstorm::reports
