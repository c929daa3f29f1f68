// Consul: a lock follows its session, an invalidated one leaves a delay, writes are check-and-set
// (backend-protocols.md 4.4).
#include "models/services/consul.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Verb = Consul::Verb;

class ConsulTest : public testing::Test {
 protected:
  using Status = Consul::Status;

  Consul::Response ask(const Consul::Request& request, unsigned alternative = 0) {
    EXPECT_LT(alternative, consul.alternatives(value, request));
    const auto effect = consul.apply(value, 0, request, alternative);
    last_tags = effect.tags;
    return effect.response;
  }
  Status status(const Consul::Request& request, unsigned alternative = 0) {
    return ask(request, alternative).status;
  }
  [[nodiscard]] unsigned ways(const Consul::Request& request) const {
    return consul.alternatives(value, request);
  }
  void lock_by(const LockId& id) {
    ask(Consul::CreateSession{id});
    EXPECT_EQ(status(Consul::Acquire{id}), Status::ok);
    ask(Consul::PutInfo{{id, LockOperation::apply}});
  }
  [[nodiscard]] bool touched_foreign() const { return (last_tags & checkers::kTouchesForeignLock) != 0; }

  Consul consul;
  Consul::Value value = consul.initial();
  sim::Tags last_tags = 0;
};

TEST_F(ConsulTest, OneSessionHoldsTheLock) {
  lock_by(kIdA);
  ask(Consul::CreateSession{kIdB});
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 1U);
  EXPECT_EQ(status(Consul::Acquire{kIdB}), Status::no);
  EXPECT_EQ(status(Consul::Acquire{kIdA}), Status::ok);  // already its own
  EXPECT_EQ(ask(Consul::GetLock{}).holder, kIdA);
  EXPECT_EQ(consul.holders(value), 1U);
  EXPECT_EQ(status(Consul::Release{kIdB}), Status::no);
  EXPECT_EQ(status(Consul::Release{kIdA}), Status::ok);
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 1U);  // released voluntarily: no delay
  EXPECT_EQ(status(Consul::Acquire{kIdB}), Status::ok);
}

TEST_F(ConsulTest, AnUnknownSessionAcquiresNothing) {
  EXPECT_EQ(status(Consul::Acquire{kIdA}), Status::invalid_session);
  lock_by(kIdA);
  EXPECT_EQ(status(Consul::DestroySession{kIdA}), Status::ok);
  EXPECT_EQ(status(Consul::DestroySession{kIdA}), Status::ok);  // unknown ids too
  EXPECT_EQ(status(Consul::Acquire{kIdA}), Status::invalid_session);
  EXPECT_EQ(consul.holders(value), 0U);
}

TEST_F(ConsulTest, AfterAnInvalidationTheKeyIsFreeButMayStillBeRefused) {
  lock_by(kIdA);
  ask(Consul::CreateSession{kIdB});
  ask(Consul::DestroySession{kIdA});
  EXPECT_EQ(status(Consul::GetLock{}), Status::not_found);
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 2U);
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 1), Status::no);
  EXPECT_EQ(status(Consul::GetLock{}), Status::not_found);  // refused, and free
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 0), Status::ok);
  EXPECT_EQ(consul.holders(value), 2U);
}

TEST_F(ConsulTest, DeletingTheLockKeyFreesWhoeverHoldsItWithoutDelay) {
  lock_by(kIdB);
  EXPECT_EQ(status(Consul::DeleteLock{kIdA}), Status::ok);
  EXPECT_TRUE(touched_foreign());
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 1U);
  lock_by(kIdB);
  ask(Consul::DeleteLock{kIdB});
  EXPECT_FALSE(touched_foreign());
}

TEST_F(ConsulTest, TheDelayOutlivesTheKey) {
  lock_by(kIdA);
  ask(Consul::DestroySession{kIdA});
  ask(Consul::DeleteLock{kIdA});
  ask(Consul::CreateSession{kIdB});
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 2U);
}

TEST_F(ConsulTest, InfoOfALiveLockIsItsOwners) {
  lock_by(kIdB);
  ask(Consul::DeleteInfo{kIdA});
  EXPECT_TRUE(touched_foreign());
  lock_by(kIdB);
  ask(Consul::PutInfo{kInfoA});
  EXPECT_TRUE(touched_foreign());
  ask(Consul::PutInfo{kInfoB});  // over the info of nobody who holds the lock
  EXPECT_FALSE(touched_foreign());
  ask(Consul::DeleteInfo{kIdB});
  EXPECT_FALSE(touched_foreign());
}

TEST_F(ConsulTest, ASilentOwnerMayHaveLostItsSession) {
  lock_by(kIdA);
  ask(Consul::CreateSession{kIdB});
  EXPECT_EQ(ways(Consul::GetLock{}), 1U);
  consul.process_paused(value, 0, true);
  consul.process_paused(value, 0, false);
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(ways(Consul::GetLock{}), 2U);
  EXPECT_EQ(status(Consul::GetLock{}, 1), Status::ok);  // not yet
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 2U);
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 1), Status::no);
  EXPECT_EQ(status(Consul::GetLock{}, 0), Status::not_found);
  EXPECT_EQ(status(Consul::Release{kIdA}), Status::no);
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 2U);  // the delay
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 0), Status::ok);
}

TEST_F(ConsulTest, AMonitorNoticesALossSoonerOrLater) {
  lock_by(kIdA);
  EXPECT_EQ(ways(Consul::WatchLock{kIdA}), 1U);
  EXPECT_EQ(status(Consul::WatchLock{kIdA}), Status::unchanged);
  consul.process_paused(value, 0, true);
  EXPECT_EQ(ways(Consul::WatchLock{kIdA}), 2U);
  EXPECT_EQ(status(Consul::WatchLock{kIdA}, 1), Status::unchanged);
  EXPECT_EQ(status(Consul::WatchLock{kIdA}, 0), Status::not_found);  // expired
  lock_by(kIdB);
  EXPECT_EQ(status(Consul::WatchLock{kIdA}, 1), Status::unchanged);
  EXPECT_EQ(ask(Consul::WatchLock{kIdA}, 0).holder, kIdB);
}

TEST_F(ConsulTest, AnAcquireCanFindTheLockExpiredOrItsOwnSession) {
  lock_by(kIdA);
  ask(Consul::CreateSession{kIdB});
  consul.process_ended(value, 0);
  consul.process_paused(value, 1, true);
  EXPECT_EQ(ways(Consul::Acquire{kIdB}), 3U);
  auto before = value;
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 2), Status::invalid_session);
  EXPECT_EQ(status(Consul::Acquire{kIdB}), Status::invalid_session);
  value = before;
  EXPECT_EQ(status(Consul::Acquire{kIdB}, 0), Status::ok);
  EXPECT_EQ(value.holder, kIdB);
}

TEST_F(ConsulTest, AFailedHealthCheckTakesTheLockFromARunningProcess) {
  lock_by(kIdA);
  ask(Consul::FailHealthCheck{});
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(status(Consul::Acquire{kIdA}), Status::invalid_session);
  EXPECT_EQ(ask(Consul::GetInfo{}).info.id, kIdA);  // stale
}

TEST_F(ConsulTest, WritesCompareTheVersionUnlessTheySet) {
  EXPECT_EQ(status(Consul::WriteState{version(2), version(1), Verb::cas, 0}), Status::no);
  EXPECT_EQ(status(Consul::WriteState{version(1), {}, Verb::set, 0}), Status::ok);
  EXPECT_EQ(status(Consul::WriteState{version(2), version(1), Verb::cas, 0}), Status::ok);
  EXPECT_EQ(status(Consul::WriteState{version(3), version(1), Verb::cas, 0}), Status::no);
  EXPECT_EQ(last_tags, 0U);
  EXPECT_EQ(status(Consul::WriteState{version(1), {}, Verb::set, 0}), Status::ok);
  EXPECT_NE(last_tags & checkers::kSerialWentBack, 0);
}

TEST_F(ConsulTest, LargeStatesGoIntoChunks) {
  consul.large_states = true;
  EXPECT_EQ(status(Consul::WriteState{version(1), {}, Verb::set, 0}), Status::too_large);
  ask(Consul::PutChunk{version(1), 0});
  ask(Consul::WriteState{version(1), {}, Verb::set, 1});
  EXPECT_FALSE(Consul::readable(value));
  ask(Consul::PutChunk{version(1), 1});
  EXPECT_TRUE(Consul::readable(value));
  EXPECT_EQ(status(Consul::GetChunk{version(1), 1}), Status::ok);
  EXPECT_EQ(last_tags, checkers::kReadsState);
  ask(Consul::DeleteChunks{version(1)});
  EXPECT_EQ(status(Consul::GetChunk{version(1), 0}), Status::not_found);
  EXPECT_FALSE(Consul::readable(value));
}

TEST_F(ConsulTest, AnExistingLargeStateStartsInChunks) {
  consul.large_states = true;
  consul.initial_state = version(1);
  EXPECT_TRUE(Consul::readable(consul.initial()));
  EXPECT_EQ(consul.initial().is_pointer, 1);
}

TEST_F(ConsulTest, RefusesByRateOrWithoutLeader) {
  EXPECT_EQ(Consul::refuse(Consul::GetLock{}, sim::Refusal::throttled).status, Status::too_many_requests);
  EXPECT_EQ(Consul::refuse(Consul::GetLock{}, sim::Refusal::server_error).status, Status::no_leader);
}

TEST_F(ConsulTest, ADeposedLeaderAnswersFromWhatItHasAsOftenAsAllowed) {
  consul.stale_reads = 1;
  consul.initial_state = version(1);
  value = consul.initial();
  EXPECT_EQ(ways(Consul::GetState{}), 1U);
  ask(Consul::WriteState{version(2), version(1), Verb::cas});
  EXPECT_EQ(ways(Consul::GetState{}), 2U);
  EXPECT_EQ(ask(Consul::GetState{}, 0).state, version(2));
  EXPECT_EQ(last_tags, checkers::kReadsState);
  EXPECT_EQ(ask(Consul::GetState{}, 1).state, version(1));
  EXPECT_EQ(last_tags, checkers::kReadsStaleState);
  EXPECT_EQ(ways(Consul::GetState{}), 1U);
  EXPECT_FALSE(value.older_state.exists());
}

}  // namespace
}  // namespace lockstorm::models
