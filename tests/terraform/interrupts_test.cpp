// The first and the second interrupt of each command that has them (backend-protocols.md 2.9).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/terraform/command_world.hpp"

namespace lockstorm {
namespace {

CommandWorld interrupted(const StateSnapshot& initial, Command command, std::uint8_t signals,
                         std::uint8_t resources = 1) {
  CommandWorld world = CommandWorld::on_s3(initial);
  world.faults()[sim::Fault::interrupt] = signals;
  CommandOptions options = running({command});
  options.resources = resources;
  world.add_client(options);
  return world;
}

template <class Predicate>
bool some_end(const Explored& explored, Predicate predicate) {
  return std::ranges::any_of(explored.ends, predicate);
}

// 2.9.3, 2.4.5 (iii): PersistState re-reads, finds nothing, and creates an empty state.
TEST(Interrupts, APlanOfAnEmptyWorkspaceLeavesAnEmptyState) {
  const Explored explored = explore(interrupted({}, Command::plan, 1));
  EXPECT_TRUE(some_end(explored, [](const End& end) {
    return end.outcomes[0].ending == Ending::halted && end.state.serial == 1;
  }));
  for (const End& end : explored.ends) {
    EXPECT_TRUE(end.lock.empty());
    EXPECT_EQ(end.statuses[0], sim::ProcessStatus::ended);
  }
}

TEST(Interrupts, APlanOfAnExistingStateWritesNothing) {
  for (const End& end : explore(interrupted(earlier_state(1, 1), Command::plan, 2)).ends)
    EXPECT_EQ(end.state, earlier_state(1, 1));
}

TEST(Interrupts, ARefreshThatIsStoppedWritesNothingOfItsOwn) {
  const Explored explored = explore(interrupted(earlier_state(1, 1), Command::refresh, 1));
  for (const End& end : explored.ends) {
    const bool finished = end.outcomes[0].ending == Ending::done;
    EXPECT_EQ(end.state.serial, finished ? 2 : 1);
    EXPECT_TRUE(end.lock.empty());
  }
  EXPECT_TRUE(some_end(explored, [](const End& e) { return e.outcomes[0].ending == Ending::halted; }));
}

// 2.9.1: what is done is saved, what has not begun does not begin.
TEST(Interrupts, ADestroyThatIsStoppedSavesWhatItHasDone) {
  const Explored explored = explore(interrupted(earlier_state(1, 2), Command::destroy, 1, 2));
  for (const End& end : explored.ends) {
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(end.state.instance[i] != 0, end.cloud.live[i] != 0);
    EXPECT_TRUE(end.lock.empty());
  }
  EXPECT_TRUE(
      some_end(explored, [](const End& e) { return e.state.instance[0] != 0 && e.state.instance[1] == 0; }));
}

// 2.9.4: the lock is released while the provider works on, or the 5 s are over before it is.
TEST(Interrupts, TheSecondOneUnlocksDuringADestroyOrLeavesTheLock) {
  const Explored explored = explore(interrupted(earlier_state(1, 1), Command::destroy, 2));
  const auto cancelled = [](const End& end) { return end.outcomes[0].ending == Ending::cancelled; };
  EXPECT_TRUE(some_end(explored, [&](const End& e) { return cancelled(e) && e.lock.empty(); }));
  EXPECT_TRUE(some_end(explored, [&](const End& e) { return cancelled(e) && !e.lock.empty(); }));
  EXPECT_TRUE(some_end(explored, [&](const End& e) {
    return cancelled(e) && e.cloud.live[0] == 0 && e.state.instance[0] != 0;
  })) << "the resource is gone, the state still has it";
}

// 2.9.2: planning goes on after the first signal; the second one finds nobody who listens, and 5 s later the
// process is gone with the lock in place.
TEST(Interrupts, TwoDuringThePlanningOfAnApplyLeaveTheLock) {
  const Explored explored = explore(interrupted(earlier_state(1, 1), Command::apply, 2));
  EXPECT_TRUE(some_end(explored, [](const End& e) {
    return e.outcomes[0].ending == Ending::cancelled && !e.lock.empty() && e.state.serial == 1;
  }));
  EXPECT_TRUE(some_end(explored, [](const End& e) {
    return e.outcomes[0].ending == Ending::halted && e.lock.empty() && e.state.serial == 1;
  }));
}

// Commands that are no operations catch the signal and do not ask for it.
TEST(Interrupts, StateCommandsDoNotNotice) {
  for (const Command command : {Command::state_mv, Command::state_rm, Command::import}) {
    EXPECT_FALSE(models::takes_interrupts(command));
    const Explored explored = explore(interrupted(earlier_state(1, 1), command, 2));
    EXPECT_EQ(explored.ends.size(), 1U);
  }
}

// An interrupt ends the wait for a lock that somebody else holds, and the command with it.
TEST(Interrupts, EndAWaitForTheLock) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  world.faults()[sim::Fault::interrupt] = 1;
  CommandOptions options = running({Command::plan});
  options.lock_timeout = std::chrono::minutes(5);
  world.add_client(options, 2);
  EXPECT_TRUE(some_end(explore(world), [](const End& e) {
    return std::ranges::any_of(e.outcomes, [](const auto& o) { return o.ending == Ending::lock_timed_out; });
  }));
}

// 2.4.8, 2.9.4: the unlock waits for a save that is under way, and the 5 s are over before that is answered:
// the request arrives all the same, the lock stays.
TEST(Interrupts, TheSecondOneDuringASaveLeavesTheLockAndTheSaveInFlight) {
  const Explored explored = explore(interrupted(earlier_state(1, 1), Command::apply, 2));
  for (const int serial : {1, 2}) {
    EXPECT_TRUE(some_end(explored, [&](const End& e) {
      return e.outcomes[0].ending == Ending::cancelled && !e.lock.empty() && e.state.serial == serial;
    })) << serial;
  }
}

// OpenTofu's local backend rewrites the state file in place when a plan is interrupted; Terraform's does
// nothing.
TEST(Interrupts, APlanRewritesALocalStateInOpenTofuOnly) {
  for (const models::Dialect dialect : {models::Dialect::terraform, models::Dialect::opentofu}) {
    CommandWorld world = CommandWorld::on_disk(earlier_state(1, 1), dialect);
    world.faults()[sim::Fault::interrupt] = 1;
    world.faults()[sim::Fault::crash] = 1;
    CommandOptions options = running({Command::plan});
    options.dialect = dialect;
    options.manager = models::StateManager::filesystem;
    world.add_client(options);
    const bool torn = some_end(explore(world, false), [](const End& e) { return e.state.torn != 0; });
    EXPECT_EQ(torn, dialect == models::Dialect::opentofu);
  }
}

}  // namespace
}  // namespace lockstorm
