// The store whose lock is a lease: what requests compare, when a lease is over, and what it says of a
// robbery.
#include "models/services/lease_store.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Compare = LeaseStore::Compare;
using Mode = LeaseStore::Mode;
using Status = LeaseStore::Status;

class LeaseStoreTest : public testing::Test {
 protected:
  LeaseStore::Response ask(const LeaseStore::Request& request, unsigned alternative = 0,
                           sim::Slot caller = kSlotA) {
    const auto effect = store.apply(value, caller, request, alternative);
    tags = effect.tags;
    return effect.response;
  }
  void begin() { value = store.initial(); }

  LeaseStore store;
  LeaseStore::Value value = store.initial();
  sim::Tags tags = 0;
};

TEST_F(LeaseStoreTest, OneHasTheLockAndTokensGrow) {
  const auto first = ask(LeaseStore::Acquire{kInfoA});
  EXPECT_EQ(first.status, Status::ok);
  const auto refused = ask(LeaseStore::Acquire{kInfoB});
  EXPECT_EQ(refused.status, Status::held);
  EXPECT_EQ(refused.holder, kInfoA);
  EXPECT_EQ(store.holders(value), sim::only(kWhoA));
  EXPECT_EQ(ask(LeaseStore::Release{kIdA, first.token}).status, Status::ok);
  EXPECT_GT(ask(LeaseStore::Acquire{kInfoB}).token, first.token);
}

TEST_F(LeaseStoreTest, AReleaseHitsWhatItCompares) {
  const auto token = ask(LeaseStore::Acquire{kInfoA}).token;
  EXPECT_EQ(ask(LeaseStore::Release{kIdB, token, Compare::holder}).status, Status::not_there);
  EXPECT_EQ(ask(LeaseStore::Release{kIdA, 9, Compare::token}).status, Status::not_there);
  EXPECT_EQ(ask(LeaseStore::Release{kIdA, 9, Compare::holder}).status, Status::ok);
  EXPECT_EQ(tags, 0);
  ask(LeaseStore::Acquire{kInfoA});
  EXPECT_EQ(ask(LeaseStore::Release{kIdB, 0, Compare::nothing}).status, Status::ok);
  EXPECT_TRUE(tags & checkers::kTouchesForeignLock);
}

TEST_F(LeaseStoreTest, AnotherOnesLeaseIsAlteredByARenewal) {
  store.lease_ticks = 2;
  ask(LeaseStore::Acquire{kInfoA});
  EXPECT_EQ(ask(LeaseStore::Renew{kIdB, 0, Compare::holder}).status, Status::not_there);
  EXPECT_EQ(ask(LeaseStore::Renew{kIdB, 0, Compare::nothing}).status, Status::ok);
  EXPECT_TRUE(tags & checkers::kTouchesForeignLock);
}

TEST_F(LeaseStoreTest, ALeaseIsOverATickAfterItsTime) {
  store.lease_ticks = 2;
  const auto token = ask(LeaseStore::Acquire{kInfoA}).token;
  store.tick(value);
  store.tick(value);
  EXPECT_EQ(ask(LeaseStore::Renew{kIdA, token}).status, Status::ok);
  store.tick(value);
  store.tick(value);
  EXPECT_EQ(store.holders(value), sim::only(kWhoA));
  store.tick(value);
  EXPECT_EQ(store.holders(value), sim::SlotSet{0});
  EXPECT_EQ(ask(LeaseStore::Renew{kIdA, token}).status, Status::not_there);
}

TEST_F(LeaseStoreTest, WithoutALeaseALockStays) {
  store.leases = false;
  store.lease_ticks = 2;
  ask(LeaseStore::Acquire{kInfoA});
  for (int i = 0; i < 5; ++i) store.tick(value);
  store.process_ended(value, kSlotA);
  store.settled(value);
  EXPECT_EQ(store.holders(value), sim::only(kWhoA));
}

TEST_F(LeaseStoreTest, WithoutAClockTheLeaseOfOneWhoIsGoneIsInDoubt) {
  ask(LeaseStore::Acquire{kInfoA});
  EXPECT_EQ(store.alternatives(value, LeaseStore::Look{}), 1U);
  store.process_ended(value, kSlotA);
  EXPECT_EQ(store.alternatives(value, LeaseStore::Look{}), 2U);
  EXPECT_EQ(ask(LeaseStore::Acquire{kInfoB}, 1).status, Status::held);
  EXPECT_EQ(ask(LeaseStore::Acquire{kInfoB}, 0).status, Status::ok);
  // What it has sent may still arrive, and nobody renews that either.
  ask(LeaseStore::Release{kIdB, 0, Compare::holder});
  ask(LeaseStore::Acquire{kInfoA});
  EXPECT_EQ(store.alternatives(value, LeaseStore::Look{}), 2U);
  store.settled(value);
  EXPECT_EQ(store.holders(value), sim::SlotSet{0});
}

TEST_F(LeaseStoreTest, WritesAreFencedByWhatTheyCompare) {
  const auto token = ask(LeaseStore::Acquire{kInfoA}).token;
  EXPECT_EQ(ask(LeaseStore::WriteState{version(1), kIdB, token, Compare::holder}).status, Status::not_there);
  EXPECT_EQ(ask(LeaseStore::WriteState{version(1), kIdA, 9, Compare::token}).status, Status::not_there);
  EXPECT_EQ(ask(LeaseStore::WriteState{version(1), kIdA, token, Compare::token}).status, Status::ok);
  EXPECT_EQ(ask(LeaseStore::WriteState{version(2), kIdB, 0, Compare::nothing}).status, Status::ok);
  EXPECT_EQ(ask(LeaseStore::ReadState{}).state, version(2));
}

TEST_F(LeaseStoreTest, AStateLearnsOfTokensFromWritesAndOnRequestFromReads) {
  EXPECT_EQ(ask(LeaseStore::WriteState{version(1), kIdA, 1, Compare::newest}).status, Status::ok);
  ask(LeaseStore::ReadState{2, 0});
  EXPECT_EQ(ask(LeaseStore::WriteState{version(2), kIdA, 1, Compare::newest}).status, Status::ok);
  ask(LeaseStore::ReadState{2, 1});
  EXPECT_EQ(ask(LeaseStore::WriteState{version(3), kIdA, 1, Compare::newest}).status, Status::not_there);
}

TEST_F(LeaseStoreTest, ARenewalMayGiveANewTokenAndMakeALock) {
  store.token_each_renewal = true;
  const auto token = ask(LeaseStore::Acquire{kInfoA}).token;
  const auto renewed = ask(LeaseStore::Renew{kIdA, token});
  EXPECT_GT(renewed.token, token);
  EXPECT_EQ(ask(LeaseStore::Renew{kIdA, token}).status, Status::not_there);
  store.renewal_answers_token = false;
  EXPECT_EQ(ask(LeaseStore::Renew{kIdA, renewed.token}).token, 0);
  store.renewal_creates = true;
  ask(LeaseStore::Release{kIdA, 0, Compare::holder});
  EXPECT_EQ(ask(LeaseStore::Renew{kIdA, 0, Compare::holder}).status, Status::ok);
  EXPECT_EQ(store.holders(value), sim::only(kWhoA));
}

TEST_F(LeaseStoreTest, WaitersStandInTheirOrder) {
  EXPECT_TRUE(ask(LeaseStore::Acquire{kInfoA, Mode::enqueue}).ahead.empty());
  EXPECT_EQ(ask(LeaseStore::Acquire{kInfoB, Mode::enqueue}).ahead, kIdA);
  EXPECT_EQ(ask(LeaseStore::Look{kIdB}).ahead, kIdA);
  ask(LeaseStore::Release{kIdA, 0, Compare::holder});
  EXPECT_TRUE(ask(LeaseStore::Look{kIdB}).ahead.empty());
  EXPECT_EQ(ask(LeaseStore::Look{kIdA}).is_there, 0);
  EXPECT_EQ(store.holders(value), sim::only(kWhoB));
  EXPECT_EQ(ask(LeaseStore::Look{kIdB}).token, 2);  // a token comes with the lock, not with a place
}

TEST_F(LeaseStoreTest, ANamelessLockCanBeBrokenAndItsHolderIsRobbed) {
  ask(LeaseStore::Acquire{kInfoA, Mode::create, 1});
  EXPECT_TRUE(ask(LeaseStore::Look{}).holder.empty());
  EXPECT_EQ(ask(LeaseStore::BreakNameless{}, 0, kSlotB).status, Status::ok);
  EXPECT_TRUE(tags & checkers::kRobsLiveLease);
  ask(LeaseStore::Acquire{kInfoA, Mode::create, 1});
  ask(LeaseStore::WriteMetadata{kInfoA});
  EXPECT_EQ(ask(LeaseStore::BreakNameless{}, 0, kSlotB).status, Status::not_there);
}

TEST_F(LeaseStoreTest, ANewLeaderKeepsLeasesOrForgetsThem) {
  store.leader_changes = 2;
  store.lease_ticks = 2;
  begin();
  ask(LeaseStore::Acquire{kInfoA});
  store.tick(value);
  store.tick(value);
  EXPECT_EQ(store.alternatives(value, LeaseStore::Look{}), 2U);
  EXPECT_EQ(ask(LeaseStore::Look{}, 1).status, Status::no_leader);
  EXPECT_EQ(store.events_spent(value), 1U);
  store.tick(value);
  store.tick(value);
  EXPECT_EQ(store.holders(value), sim::only(kWhoA));
  store.new_leader = LeaseStore::NewLeader::forgets_leases;
  ask(LeaseStore::Look{}, 1);
  EXPECT_EQ(store.holders(value), sim::SlotSet{0});
  EXPECT_EQ(store.alternatives(value, LeaseStore::Look{}), 1U);
}

}  // namespace
}  // namespace lockstorm::models
