// The lock table's item: conditions are evaluated with the write, epochs only rise, and tags tell robbery
// from rescue.
#include "models/services/lock_table.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Projection = LockTable::Projection;
using Update = LockTable::Update;

class LockTableTest : public testing::Test {
 protected:
  using Condition = LockTable::Condition;
  using Status = LockTable::Status;

  sim::Effect<LockTable::Response> ask(const LockTable::Request& request, unsigned alternative = 0) {
    return table.apply(value, 0, request, alternative);
  }
  sim::Effect<LockTable::Response> update(Update what, Condition condition, LockId owner,
                                          std::uint32_t last_modified = 0) {
    return ask(LockTable::UpdateItem{
        .update = what, .condition = condition, .owner = owner, .last_modified = Tick::at(last_modified)});
  }
  void start(const LockTable& model) {
    table = model;
    value = table.initial();
  }

  LockTable table;
  LockTable::Value value = table.initial();
};

TEST_F(LockTableTest, AcquireIsConditionalOnTheFlag) {
  EXPECT_EQ(update(Update::acquire, Condition::is_free, kIdA).response.status, Status::ok);
  EXPECT_EQ(table.holders(value), 1U);
  EXPECT_EQ(update(Update::acquire, Condition::is_free, kIdB).response.status,
            Status::conditional_check_failed);
  EXPECT_EQ(table.holders(value), 1U);
}

TEST_F(LockTableTest, IsLockedMatchesAnybodysLock) {
  update(Update::acquire, Condition::is_free, kIdA);
  const auto released = update(Update::release, Condition::is_locked, kIdB);
  EXPECT_EQ(released.response.status, Status::ok);
  EXPECT_EQ(released.tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(table.holders(value), 0U);
}

TEST_F(LockTableTest, WithoutOwnerNobodyIsShownOne) {
  update(Update::acquire, Condition::is_free, kIdA, 3);
  const auto seen = ask(LockTable::GetItem{Projection::age, 1}).response.row;
  EXPECT_TRUE(seen.owner.empty());
  EXPECT_EQ(seen.last_modified.count(), 3U);
}

TEST_F(LockTableTest, EpochRisesWithEveryAcquisition) {
  start({.has_owner = true, .initial_state = {}});
  EXPECT_EQ(update(Update::acquire, Condition::is_free, kIdA).response.row.epoch, 1);
  EXPECT_EQ(update(Update::release, Condition::owner, kIdA).response.status, Status::ok);
  EXPECT_EQ(update(Update::acquire, Condition::is_free, kIdB).response.row.epoch, 2);
}

TEST_F(LockTableTest, StateIsWrittenOnlyUnderTheEpochThatIsHeld) {
  start({.has_owner = true, .initial_state = {}});
  update(Update::acquire, Condition::is_free, kIdA);
  update(Update::take_over, Condition::none, kIdB);
  LockTable::UpdateItem put{.update = Update::put_state,
                            .condition = Condition::owner_and_epoch,
                            .owner = kIdA,
                            .expected_epoch = 1};
  EXPECT_EQ(ask(put).response.status, Status::conditional_check_failed);
  put.owner = kIdB;
  put.expected_epoch = 2;
  const auto written = ask(put);
  EXPECT_EQ(written.response.status, Status::ok);
  EXPECT_NE(written.tags & checkers::kWritesState, 0);
}

TEST_F(LockTableTest, TakeOverRobsUntilTheLeaseIsOver) {
  start({.initial_state = {}, .lease_ticks = 2});
  update(Update::acquire, Condition::is_free, kIdA);
  table.tick(value);
  table.tick(value);
  LockTable::Value live = value;
  EXPECT_EQ(update(Update::take_over, Condition::none, kIdB).tags, checkers::kRobsLiveLease);
  value = live;
  table.tick(value);
  EXPECT_EQ(update(Update::take_over, Condition::none, kIdB).tags, 0);
}

TEST_F(LockTableTest, AHeartbeatRenewsOnlyItsOwnLease) {
  start({.initial_state = {}, .lease_ticks = 1});
  update(Update::acquire, Condition::is_free, kIdA);
  table.tick(value);
  EXPECT_EQ(update(Update::heartbeat, Condition::none, kIdB, 1).tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(value.lease_left, 1);
  EXPECT_EQ(update(Update::heartbeat, Condition::none, kIdA, 1).tags, 0);
  EXPECT_EQ(value.lease_left, 2);
}

TEST_F(LockTableTest, AnEventuallyConsistentReadMayMissTheLastWrite) {
  start({.eventual_reads = true, .initial_state = {}});
  const LockTable::Request read = LockTable::GetItem{Projection::age, 0};
  EXPECT_EQ(table.alternatives(value, read), 1U);
  update(Update::acquire, Condition::is_free, kIdA);
  ASSERT_EQ(table.alternatives(value, read), 2U);
  EXPECT_EQ(ask(read, 0).response.row.is_locked, 1);
  EXPECT_EQ(ask(read, 1).response.row.is_locked, 0);
  EXPECT_EQ(table.alternatives(value, LockTable::GetItem{Projection::age, 1}), 1U);
}

TEST_F(LockTableTest, AStaleLockBelongsToNobodyInThisWorld) {
  start({.stale_lock = true, .initial_state = {}, .lease_ticks = 2});
  EXPECT_EQ(table.holders(value), 0U);
  EXPECT_EQ(update(Update::acquire, Condition::is_free, kIdA).response.status,
            Status::conditional_check_failed);
  EXPECT_EQ(update(Update::take_over, Condition::is_locked, kIdA).tags, 0);
  EXPECT_EQ(table.holders(value), 1U);
}

}  // namespace
}  // namespace lockstorm::models
