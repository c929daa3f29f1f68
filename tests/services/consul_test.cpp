// Consul: a lock follows its session, an invalidated one leaves a delay, writes are check-and-set
// (backend-protocols.md 4.4).
#include "models/services/consul.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using Status = Consul::Status;
using Verb = Consul::Verb;

constexpr LockId kA{sim::Who::process(0), 0};
constexpr LockId kB{sim::Who::process(1), 0};

StateSnapshot version(std::uint8_t serial) {
  StateSnapshot state;
  state.serial = serial;
  return state;
}

class ConsulTest : public testing::Test {
 protected:
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
  lock_by(kA);
  ask(Consul::CreateSession{kB});
  EXPECT_EQ(ways(Consul::Acquire{kB}), 1U);
  EXPECT_EQ(status(Consul::Acquire{kB}), Status::no);
  EXPECT_EQ(status(Consul::Acquire{kA}), Status::ok);  // already its own
  EXPECT_EQ(ask(Consul::GetLock{}).holder, kA);
  EXPECT_EQ(consul.holders(value), 1U);
  EXPECT_EQ(status(Consul::Release{kB}), Status::no);
  EXPECT_EQ(status(Consul::Release{kA}), Status::ok);
  EXPECT_EQ(ways(Consul::Acquire{kB}), 1U);  // released voluntarily: no delay
  EXPECT_EQ(status(Consul::Acquire{kB}), Status::ok);
}

TEST_F(ConsulTest, AnUnknownSessionAcquiresNothing) {
  EXPECT_EQ(status(Consul::Acquire{kA}), Status::invalid_session);
  lock_by(kA);
  EXPECT_EQ(status(Consul::DestroySession{kA}), Status::ok);
  EXPECT_EQ(status(Consul::DestroySession{kA}), Status::ok);  // unknown ids too
  EXPECT_EQ(status(Consul::Acquire{kA}), Status::invalid_session);
  EXPECT_EQ(consul.holders(value), 0U);
}

TEST_F(ConsulTest, AfterAnInvalidationTheKeyIsFreeButMayStillBeRefused) {
  lock_by(kA);
  ask(Consul::CreateSession{kB});
  ask(Consul::DestroySession{kA});
  EXPECT_EQ(status(Consul::GetLock{}), Status::not_found);
  EXPECT_EQ(ways(Consul::Acquire{kB}), 2U);
  EXPECT_EQ(status(Consul::Acquire{kB}, 1), Status::no);
  EXPECT_EQ(status(Consul::GetLock{}), Status::not_found);  // refused, and free
  EXPECT_EQ(status(Consul::Acquire{kB}, 0), Status::ok);
  EXPECT_EQ(consul.holders(value), 2U);
}

TEST_F(ConsulTest, DeletingTheLockKeyFreesWhoeverHoldsItWithoutDelay) {
  lock_by(kB);
  EXPECT_EQ(status(Consul::DeleteLock{kA}), Status::ok);
  EXPECT_TRUE(touched_foreign());
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(ways(Consul::Acquire{kB}), 1U);
  lock_by(kB);
  ask(Consul::DeleteLock{kB});
  EXPECT_FALSE(touched_foreign());
}

TEST_F(ConsulTest, TheDelayOutlivesTheKey) {
  lock_by(kA);
  ask(Consul::DestroySession{kA});
  ask(Consul::DeleteLock{kA});
  ask(Consul::CreateSession{kB});
  EXPECT_EQ(ways(Consul::Acquire{kB}), 2U);
}

TEST_F(ConsulTest, InfoOfALiveLockIsItsOwners) {
  lock_by(kB);
  ask(Consul::DeleteInfo{kA});
  EXPECT_TRUE(touched_foreign());
  lock_by(kB);
  ask(Consul::PutInfo{{kA, LockOperation::apply}});
  EXPECT_TRUE(touched_foreign());
  ask(Consul::PutInfo{{kB, LockOperation::apply}});  // over the info of nobody who holds the lock
  EXPECT_FALSE(touched_foreign());
  ask(Consul::DeleteInfo{kB});
  EXPECT_FALSE(touched_foreign());
}

TEST_F(ConsulTest, ASilentOwnerMayHaveLostItsSession) {
  lock_by(kA);
  ask(Consul::CreateSession{kB});
  EXPECT_EQ(ways(Consul::GetLock{}), 1U);
  consul.process_paused(value, 0, true);
  consul.process_paused(value, 0, false);
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(ways(Consul::GetLock{}), 2U);
  EXPECT_EQ(status(Consul::GetLock{}, 1), Status::ok);  // not yet
  EXPECT_EQ(ways(Consul::Acquire{kB}), 2U);
  EXPECT_EQ(status(Consul::Acquire{kB}, 1), Status::no);
  EXPECT_EQ(status(Consul::GetLock{}, 0), Status::not_found);
  EXPECT_EQ(status(Consul::Release{kA}), Status::no);
  EXPECT_EQ(ways(Consul::Acquire{kB}), 2U);  // the delay
  EXPECT_EQ(status(Consul::Acquire{kB}, 0), Status::ok);
}

TEST_F(ConsulTest, AMonitorNoticesALossSoonerOrLater) {
  lock_by(kA);
  EXPECT_EQ(ways(Consul::WatchLock{kA}), 1U);
  EXPECT_EQ(status(Consul::WatchLock{kA}), Status::unchanged);
  consul.process_paused(value, 0, true);
  EXPECT_EQ(ways(Consul::WatchLock{kA}), 2U);
  EXPECT_EQ(status(Consul::WatchLock{kA}, 1), Status::unchanged);
  EXPECT_EQ(status(Consul::WatchLock{kA}, 0), Status::not_found);  // expired
  lock_by(kB);
  EXPECT_EQ(status(Consul::WatchLock{kA}, 1), Status::unchanged);
  EXPECT_EQ(ask(Consul::WatchLock{kA}, 0).holder, kB);
}

TEST_F(ConsulTest, AnAcquireCanFindTheLockExpiredOrItsOwnSession) {
  lock_by(kA);
  ask(Consul::CreateSession{kB});
  consul.process_ended(value, 0);
  consul.process_paused(value, 1, true);
  EXPECT_EQ(ways(Consul::Acquire{kB}), 3U);
  auto before = value;
  EXPECT_EQ(status(Consul::Acquire{kB}, 2), Status::invalid_session);
  EXPECT_EQ(status(Consul::Acquire{kB}), Status::invalid_session);
  value = before;
  EXPECT_EQ(status(Consul::Acquire{kB}, 0), Status::ok);
  EXPECT_EQ(value.holder, kB);
}

TEST_F(ConsulTest, AFailedHealthCheckTakesTheLockFromARunningProcess) {
  lock_by(kA);
  ask(Consul::FailHealthCheck{});
  EXPECT_EQ(consul.holders(value), 0U);
  EXPECT_EQ(status(Consul::Acquire{kA}), Status::invalid_session);
  EXPECT_EQ(ask(Consul::GetInfo{}).info.id, kA);  // stale
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
