// State servers: each policy of the HTTP protocol decides as its description says.
#include "models/services/http_state.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

class HttpStateTest : public testing::Test {
 protected:
  using Policy = HttpServerPolicy;
  using Status = HttpState::Status;

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
  EXPECT_EQ(status(HttpState::Lock{kInfoA}), Status::ok);
  const auto refused = ask(HttpState::Lock{kInfoA}).response;
  EXPECT_EQ(refused.status, Status::conflict);
  EXPECT_EQ(refused.lock, kInfoA);
  EXPECT_EQ(server.holders(value), 1U);
  server.policy.same_id_locks_again = true;
  EXPECT_EQ(status(HttpState::Lock{kInfoA}), Status::ok);
  EXPECT_EQ(status(HttpState::Lock{kInfoB}), Status::conflict);
}

TEST_F(HttpStateTest, GitLabTakesWritesOfTheHolderOnly) {
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 1), {}}), Status::ok);  // absent = absent
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kIdA}), Status::conflict);
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(status(HttpState::PostState{state_of(1, 2), kIdB}), Status::conflict);
  EXPECT_EQ(status(HttpState::PostState{state_of(1, 2), {}}), Status::conflict);
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kIdA}), Status::ok);
  EXPECT_EQ(value.state, state_of(0, 2));
}

TEST_F(HttpStateTest, GitLabUnlocksByIdOrWithoutOne) {
  EXPECT_EQ(status(HttpState::Unlock{kIdA, kIdA}), Status::conflict);  // nothing is locked
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(status(HttpState::Unlock{kIdB, kIdB}), Status::conflict);
  const auto blind = ask(HttpState::Unlock{{}, kIdB});
  EXPECT_EQ(blind.response.status, Status::ok);
  EXPECT_EQ(blind.tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(server.holders(value), 0U);
}

TEST_F(HttpStateTest, WritesWithoutALockAreTakenWhereIdsAreOnlyComparedWithOne) {
  server.policy.write = Policy::Write::if_unlocked;
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 1), kIdA}), Status::ok);
  ask(HttpState::Lock{kInfoB});
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kIdA}), Status::conflict);
  server.policy.write = Policy::Write::anybody;
  EXPECT_EQ(status(HttpState::PostState{state_of(0, 2), kIdA}), Status::ok);
}

TEST_F(HttpStateTest, AServerMayInsistOnTheId) {
  server.policy.unlock = Policy::Unlock::id;
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(status(HttpState::Unlock{{}, kIdA}), Status::conflict);
  EXPECT_EQ(status(HttpState::Unlock{kIdA, kIdA}), Status::ok);
}

// RB-08: a plain store creates or replaces.
TEST_F(HttpStateTest, APutIsNoLock) {
  server.policy.lock = Policy::Lock::overwrites;
  server.policy.unlock = Policy::Unlock::anybody;
  server.policy.unlock_is_204 = true;
  EXPECT_EQ(status(HttpState::Lock{kInfoA}), Status::created);
  const auto replaced = ask(HttpState::Lock{kInfoB});
  EXPECT_EQ(replaced.response.status, Status::ok);
  EXPECT_EQ(replaced.tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(status(HttpState::Unlock{kIdB, kIdB}), Status::no_content);
  EXPECT_EQ(status(HttpState::Unlock{kIdB, kIdB}), Status::not_found);
}

TEST_F(HttpStateTest, RefusalsTellMoreOrLess) {
  ask(HttpState::Lock{kInfoA});
  server.policy.locked_is_423 = true;
  server.policy.refused_body = Policy::RefusedBody::without_id;
  const auto nameless = ask(HttpState::Lock{kInfoB}).response;
  EXPECT_EQ(nameless.status, Status::locked);
  EXPECT_EQ(nameless.readable, 1);
  EXPECT_TRUE(nameless.lock.empty());
  server.policy.refused_body = Policy::RefusedBody::none;
  EXPECT_EQ(ask(HttpState::Lock{kInfoB}).response.readable, 0);
}

TEST_F(HttpStateTest, AgeExpiresLocksOfTheLiving) {
  server.policy.expiry = Policy::Expiry::age;
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoA}), 1U);
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 2U);
  EXPECT_EQ(status(HttpState::Lock{kInfoB}, 1), Status::ok);
  EXPECT_EQ(server.holders(value), 2U);
}

TEST_F(HttpStateTest, SilenceExpiresLocksOfTheFrozenAndTheDead) {
  server.policy.expiry = Policy::Expiry::silence;
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 1U);
  server.process_paused(value, 0, true);
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 2U);
  server.process_paused(value, 0, false);  // it may have been too long already
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 2U);
  EXPECT_EQ(status(HttpState::Lock{kInfoB}), Status::conflict);  // it was not
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 1U);
  server.process_ended(value, 0);
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 2U);
}

// A lock request of a dead job that arrives late locks for nobody.
TEST_F(HttpStateTest, ALockOfTheDeadExpires) {
  server.policy.expiry = Policy::Expiry::silence;
  server.process_ended(value, 0);
  ask(HttpState::Lock{kInfoA});
  EXPECT_EQ(server.alternatives(value, HttpState::Lock{kInfoB}), 2U);
}

}  // namespace
}  // namespace lockstorm::models
