// State servers: each policy of the HTTP protocol decides as its description says.
#include "models/services/http_state.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using Policy = HttpServerPolicy;
using Status = HttpState::Status;

constexpr LockInfo kA{{sim::Who::process(0), 0}, LockOperation::apply};
constexpr LockInfo kB{{sim::Who::process(1), 0}, LockOperation::apply};

StateSnapshot state_of(sim::Slot writer, std::uint8_t serial) {
  StateSnapshot state;
  state.writer = sim::Who::process(writer);
  state.serial = serial;
  return state;
}

class HttpStateTest : public testing::Test {
 protected:
  sim::Effect<HttpState::Response> ask(const HttpState::Request& request, unsigned alternative = 0) {
    return server.apply(value, 0, request, alternative);
  }
  Status status(const HttpState::Request& request, unsigned alternative = 0) {
    return ask(request, alternative).response.status;
  }

  HttpState server;
  HttpState::Value value = server.initial();
};

TEST_F(HttpStateTest, GitLabRefusesEvenTheSameId) {
  EXPECT_EQ(status(HttpState::Lock{kA}), Status::ok);
  const auto refused = ask(HttpState::Lock{kA}).response;
  EXPECT_EQ(refused.status, Status::conflict);
  EXPECT_EQ(refused.lock, kA);
  EXPECT_EQ(server.holders(value), 1U);
  server.policy.same_id_locks_again = true;
  EXPECT_EQ(status(HttpState::Lock{kA}), Status::ok);
  EXPECT_EQ(status(HttpState::Lock{kB}), Status::conflict);
}

TEST_F(HttpStateTest, GitLabTakesWritesOfTheHolderOnly) {
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 1), {}}), Status::ok);  // absent = absent
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kA.id}), Status::conflict);
  ask(HttpState::Lock{kA});
  EXPECT_EQ(status(HttpState::PostState{state_of(1, 2), kB.id}), Status::conflict);
  EXPECT_EQ(status(HttpState::PostState{state_of(1, 2), {}}), Status::conflict);
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kA.id}), Status::ok);
  EXPECT_EQ(value.state, state_of(0, 2));
}

TEST_F(HttpStateTest, GitLabUnlocksByIdOrWithoutOne) {
  EXPECT_EQ(status(HttpState::Unlock{kA.id, kA.id}), Status::conflict);  // nothing is locked
  ask(HttpState::Lock{kA});
  EXPECT_EQ(status(HttpState::Unlock{kB.id, kB.id}), Status::conflict);
  const auto blind = ask(HttpState::Unlock{{}, kB.id});
  EXPECT_EQ(blind.response.status, Status::ok);
  EXPECT_EQ(blind.tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(server.holders(value), 0U);
}

TEST_F(HttpStateTest, WritesWithoutALockAreTakenWhereIdsAreOnlyComparedWithOne) {
  server.policy.write = Policy::Write::if_unlocked;
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 1), kA.id}), Status::ok);
  ask(HttpState::Lock{kB});
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kA.id}), Status::conflict);
  server.policy.write = Policy::Write::anybody;
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kA.id}), Status::ok);
}

TEST_F(HttpStateTest, AServerMayInsistOnTheId) {
  server.policy.unlock = Policy::Unlock::id;
  ask(HttpState::Lock{kA});
  EXPECT_EQ(status(HttpState::Unlock{{}, kA.id}), Status::conflict);
  EXPECT_EQ(status(HttpState::Unlock{kA.id, kA.id}), Status::ok);
}

// RB-08: a plain store creates or replaces.
TEST_F(HttpStateTest, APutIsNoLock) {
  server.policy.lock = Policy::Lock::overwrites;
  server.policy.unlock = Policy::Unlock::anybody;
  server.policy.unlock_is_204 = true;
  EXPECT_EQ(status(HttpState::Lock{kA}), Status::created);
  const auto replaced = ask(HttpState::Lock{kB});
  EXPECT_EQ(replaced.response.status, Status::ok);
  EXPECT_EQ(replaced.tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(status(HttpState::Unlock{kB.id, kB.id}), Status::no_content);
  EXPECT_EQ(status(HttpState::Unlock{kB.id, kB.id}), Status::not_found);
}

TEST_F(HttpStateTest, RefusalsTellMoreOrLess) {
  ask(HttpState::Lock{kA});
  server.policy.locked_is_423 = true;
  server.policy.refused_body = Policy::RefusedBody::without_id;
  const auto nameless = ask(HttpState::Lock{kB}).response;
  EXPECT_EQ(nameless.status, Status::locked);
  EXPECT_EQ(nameless.readable, 1);
  EXPECT_TRUE(nameless.lock.empty());
  server.policy.refused_body = Policy::RefusedBody::none;
  EXPECT_EQ(ask(HttpState::Lock{kB}).response.readable, 0);
}

TEST_F(HttpStateTest, AgeExpiresLocksOfTheLiving) {
  server.policy.expiry = Policy::Expiry::age;
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kA}), 1U);
  ask(HttpState::Lock{kA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 2U);
  EXPECT_EQ(status(HttpState::Lock{kB}, 1), Status::ok);
  EXPECT_EQ(server.holders(value), 2U);
}

TEST_F(HttpStateTest, SilenceExpiresLocksOfTheFrozenAndTheDead) {
  server.policy.expiry = Policy::Expiry::silence;
  ask(HttpState::Lock{kA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 1U);
  server.process_paused(value, 0, true);
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 2U);
  server.process_paused(value, 0, false);  // it may have been too long already
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 2U);
  EXPECT_EQ(status(HttpState::Lock{kB}), Status::conflict);  // it was not
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 1U);
  server.process_ended(value, 0);
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 2U);
}

// A lock request of a dead job that arrives late locks for nobody.
TEST_F(HttpStateTest, ALockOfTheDeadExpires) {
  server.policy.expiry = Policy::Expiry::silence;
  server.process_ended(value, 0);
  ask(HttpState::Lock{kA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kB}), 2U);
}

}  // namespace
}  // namespace lockstorm::models
