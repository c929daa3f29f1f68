// What runs plans and applies for pull requests: its locks, its plans, and what was approved.
#include "models/services/orchestrator.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

class OrchestratorTest : public testing::Test {
 protected:
  using Status = Orchestrator::Status;
  using Rules = OrchestratorRules;
  using Result = Orchestrator::Result;

  Orchestrator::Response ask(const Orchestrator::Request& request, sim::Slot caller = kSlotA,
                             unsigned alternative = 0) {
    const auto effect = orchestrator.apply(value, caller, request, alternative);
    is_as_approved = (effect.tags & checkers::kNotAsApproved) == 0;
    last_tags = effect.tags;
    return effect.response;
  }
  Status begin(std::uint8_t pull, bool applies, sim::Slot caller = kSlotA, std::uint8_t replica = 0) {
    return ask(Orchestrator::Begin{pull, replica, static_cast<std::uint8_t>(applies)}, caller).status;
  }
  // A whole plan of the newest commit.
  void plan(std::uint8_t pull) {
    const auto begun = ask(Orchestrator::Begin{pull, 0, 0});
    ASSERT_EQ(begun.status, Status::ok);
    ask(Orchestrator::StorePlan{pull, {begun.commit, version(1)}});
    ask(Orchestrator::End{pull, 0, 0, Result::planned});
  }

  Orchestrator orchestrator;
  Orchestrator::Value value = orchestrator.initial();
  sim::Tags last_tags = 0;
  bool is_as_approved = true;
};

TEST_F(OrchestratorTest, AProjectIsOnePullRequestsFromThePlanToTheMerge) {
  plan(1);
  EXPECT_EQ(begin(2, false), Status::locked);
  ask(Orchestrator::Merge{1});
  EXPECT_EQ(begin(2, false), Status::ok);
  EXPECT_EQ(begin(1, false), Status::merged);
}

TEST_F(OrchestratorTest, TheLockMayBeTakenAtTheApplyOrNever) {
  orchestrator.rules.locks_at = Rules::LocksAt::apply;
  orchestrator.rules.approval = Rules::Approval::none;
  plan(1);
  plan(2);
  EXPECT_EQ(begin(1, true), Status::ok);
  EXPECT_EQ(begin(2, true), Status::locked);
  EXPECT_EQ(begin(2, false), Status::ok) << "a plan asks for no lock";
  orchestrator.rules.locks_at = Rules::LocksAt::never;
  ask(Orchestrator::End{2, 0, 0, Result::planned});
  EXPECT_EQ(begin(2, true), Status::ok);
}

TEST_F(OrchestratorTest, ALockThatIsAJobsRefusesThePullRequestsOther) {
  orchestrator.rules.owner = Rules::Owner::job;
  plan(1);
  EXPECT_EQ(begin(1, false, kSlotB), Status::locked_by_self);
  EXPECT_EQ(begin(1, false, kSlotA), Status::ok);
  orchestrator.rules.owner = Rules::Owner::pull_request;
  ask(Orchestrator::End{1, 0, 0, Result::planned});
  EXPECT_EQ(begin(1, false, kSlotB), Status::ok);
}

TEST_F(OrchestratorTest, ADirectoryIsForOneJobAtATime) {
  EXPECT_EQ(begin(1, false, kSlotA), Status::ok);
  EXPECT_EQ(begin(1, false, kSlotB, 1), Status::busy);
  ask(Orchestrator::End{1, 0, 0, Result::planned}, kSlotA);
  EXPECT_EQ(begin(1, false, kSlotB, 1), Status::ok);
}

TEST_F(OrchestratorTest, WhatIsInMemoryIsOfOneReplicaAndEndsWithIt) {
  orchestrator.rules.directory_lock = Rules::Place::memory;
  EXPECT_EQ(begin(1, false, kSlotA, 0), Status::ok);
  EXPECT_EQ(begin(1, false, kSlotB, 0), Status::busy);
  EXPECT_EQ(begin(1, false, kSlotB, 1), Status::ok);
  orchestrator.process_ended(value, kSlotA);
  EXPECT_EQ(begin(1, false, kSlotB, 0), Status::ok);
  orchestrator.rules.locks_in = Rules::Place::memory;
  Orchestrator::Value fresh = orchestrator.initial();
  std::swap(value, fresh);
  EXPECT_EQ(begin(1, false, kSlotA, 0), Status::ok);
  EXPECT_EQ(begin(2, false, kSlotB, 0), Status::locked);
  EXPECT_EQ(begin(2, false, kSlotB, 1), Status::ok);
}

TEST_F(OrchestratorTest, AnApplyAsksForAnApproval) {
  plan(1);
  EXPECT_EQ(begin(1, true), Status::not_approved);
  ask(Orchestrator::Approve{1});
  ask(Orchestrator::Push{1, 1});
  EXPECT_EQ(begin(1, true), Status::not_approved) << "a push takes it back";
  orchestrator.rules.approval = Rules::Approval::any;
  EXPECT_EQ(begin(1, true), Status::ok);
}

TEST_F(OrchestratorTest, WhoSeesAnOlderPlanDoesNotApprove) {
  plan(1);
  ask(Orchestrator::Push{1, 1});
  EXPECT_EQ(ask(Orchestrator::Approve{1}).status, Status::no_plan);
  plan(1);
  EXPECT_EQ(ask(Orchestrator::Approve{1}).status, Status::ok);
}

TEST_F(OrchestratorTest, APlanOfAnotherCommitIsNotAsApproved) {
  plan(1);
  ask(Orchestrator::Approve{1});
  ask(Orchestrator::ReadPlan{1});
  EXPECT_TRUE(is_as_approved);
  ask(Orchestrator::Push{1, 1});
  plan(1);
  EXPECT_EQ(ask(Orchestrator::ReadPlan{1}).plan.commit, 2U);
  EXPECT_FALSE(is_as_approved);
}

TEST_F(OrchestratorTest, ACommitElsewhereDropsThePlanUnlessItIsKept) {
  plan(1);
  ask(Orchestrator::Push{1, 0});
  EXPECT_EQ(ask(Orchestrator::ReadPlan{1}).status, Status::no_plan);
  orchestrator.rules.keeps_dropped_plans = true;
  plan(1);
  ask(Orchestrator::Push{1, 0});
  ask(Orchestrator::Approve{1});
  EXPECT_EQ(ask(Orchestrator::ReadPlan{1}).status, Status::ok);
  EXPECT_FALSE(is_as_approved);
}

TEST_F(OrchestratorTest, ASuccessForNothingIsNotAsApprovedWhereSomethingIsDue) {
  ask(Orchestrator::End{1, 0, 0, Result::nothing_applied});
  EXPECT_TRUE(is_as_approved) << "nobody has approved anything";
  plan(1);
  ask(Orchestrator::Approve{1});
  ask(Orchestrator::End{1, 0, 0, Result::nothing_applied});
  EXPECT_FALSE(is_as_approved);
  ask(Orchestrator::End{1, 0, 1, Result::applied});
  ask(Orchestrator::End{1, 0, 0, Result::nothing_applied});
  EXPECT_TRUE(is_as_approved) << "it has been applied";
  ask(Orchestrator::Push{1, 0});
  ask(Orchestrator::Approve{1});
  ask(Orchestrator::End{1, 0, 0, Result::nothing_applied});
  EXPECT_TRUE(is_as_approved) << "the commit does not touch the project";
}

TEST_F(OrchestratorTest, UnlocksItsOwnOrWhatWasListed) {
  plan(1);
  EXPECT_EQ(ask(Orchestrator::ListLocks{}).pull, 1U);
  ask(Orchestrator::Unlock{2, 0, 1});
  EXPECT_EQ(ask(Orchestrator::ListLocks{}).pull, 1U);
  ask(Orchestrator::Unlock{2, 0, 0});
  EXPECT_TRUE(last_tags & checkers::kTouchesForeignLock);
  EXPECT_EQ(ask(Orchestrator::ListLocks{}).pull, 0U);
}

TEST_F(OrchestratorTest, UnlockingANeighbourDeletesThePlansOfItsScope) {
  plan(1);
  ask(Orchestrator::Unlock{1, 1, 1});
  EXPECT_EQ(ask(Orchestrator::ReadPlan{1}).status, Status::ok);
  orchestrator.rules.unlock_deletes = Rules::UnlockDeletes::workspace;
  ask(Orchestrator::Unlock{1, 1, 1});
  EXPECT_EQ(ask(Orchestrator::ReadPlan{1}).status, Status::no_plan);
}

TEST_F(OrchestratorTest, AQueueGivesTheProjectBackAfterTheApply) {
  orchestrator.rules.released_by = Rules::Release::apply;
  plan(1);
  ask(Orchestrator::End{1, 0, 1, Result::failed});
  EXPECT_EQ(begin(2, false), Status::locked);
  ask(Orchestrator::End{1, 0, 1, Result::applied});
  EXPECT_EQ(begin(2, false), Status::ok);
}

// Its database of locks cannot be reached: nothing begins, and nothing else is the matter.
TEST_F(OrchestratorTest, NothingBeginsWithoutTheDatabaseOfLocks) {
  orchestrator.rules.database_failures = 1;
  value = orchestrator.initial();
  const Orchestrator::Begin begins{1, 0, 0};
  EXPECT_EQ(orchestrator.alternatives(value, begins), 2U);
  EXPECT_EQ(orchestrator.alternatives(value, Orchestrator::Merge{1}), 1U) << "it asks for no lock";
  EXPECT_EQ(ask(begins, kSlotA, 1).status, Status::no_locks);
  EXPECT_EQ(orchestrator.events_spent(value), 1U);
  EXPECT_EQ(orchestrator.alternatives(value, begins), 1U);
  EXPECT_EQ(begin(2, false), Status::ok) << "nobody has the project";
}

// A replica that has fallen back to its memory stays there, and sees no lock of the others.
TEST_F(OrchestratorTest, AReplicaThatFellBackHasLocksOfItsOwn) {
  orchestrator.rules.database_failures = 2;
  orchestrator.rules.without_database = Rules::WithoutDatabase::memory;
  orchestrator.rules.directory_lock = Rules::Place::none;
  value = orchestrator.initial();
  EXPECT_EQ(begin(1, false, kSlotA, 0), Status::ok);
  const Orchestrator::Begin on_second{2, 1, 0};
  EXPECT_EQ(ask(on_second, kSlotB, 1).status, Status::ok);
  EXPECT_EQ(orchestrator.alternatives(value, on_second), 1U) << "it asks no database any more";
  EXPECT_EQ(begin(1, false, kSlotA, 1), Status::locked);
  EXPECT_EQ(begin(2, false, kSlotB, 0), Status::locked);
  ask(Orchestrator::Merge{2});
  EXPECT_EQ(begin(1, false, kSlotA, 1), Status::ok) << "a merge gives back what is in memory, too";
}

}  // namespace
}  // namespace lockstorm::models
