// What ends a script, and how its next command meets what is left of an earlier one (backend-protocols.md
// 2.6.9, 2.6.12).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/terraform/command_world.hpp"

namespace lockstorm {
namespace {

// Every call is tried once, and one request gets lost: each save and each unlock fails in some run.
Explored explore_with_a_lost_request(const CommandOptions& options, std::size_t recorded = 1) {
  models::S3BackendOptions once = lockfile();
  once.max_attempts = 1;
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, recorded), once);
  world.faults()[sim::Fault::lose_request] = 1;
  world.add_client(options);
  return explore(world);
}

bool some_end_is(const Explored& explored, Ending ending, bool locked) {
  return std::ranges::any_of(explored.ends, [&](const End& end) {
    return end.outcomes[0].ending == ending && end.lock.empty() != locked;
  });
}

bool waits_for_itself(const Explored& explored) {
  return std::ranges::any_of(explored.ends,
                             [](const End& end) { return end.outcomes[0].own_lock_shown != 0; });
}

TEST(Script, EndsWithAnOperationThatCannotUnlock) {
  for (const Command operation : {Command::apply, Command::destroy, Command::refresh, Command::plan_out}) {
    const Explored explored = explore_with_a_lost_request(running({operation, Command::plan}));
    EXPECT_TRUE(std::ranges::any_of(explored.ends, [](const End& end) {
      return !end.lock.empty() && end.outcomes[0].unlock_failed != 0;
    }));
    EXPECT_FALSE(some_end_is(explored, Ending::lock_refused, true)) << models::command_name(operation);
  }
}

// The exit status of `state mv` and `state rm` does not tell; what comes next is refused by the lock of a
// process that is no more.
TEST(Script, GoesOnAfterAStateCommandThatCannotUnlock) {
  for (const Command command : {Command::state_mv, Command::state_rm}) {
    const Explored explored = explore_with_a_lost_request(running({command, Command::plan}));
    EXPECT_TRUE(some_end_is(explored, Ending::lock_refused, true));
    EXPECT_FALSE(waits_for_itself(explored));
  }
}

TEST(Script, AnEarlierRunsLockIsNotItsOwn) {
  CommandOptions options = running({Command::apply});
  options.runs = 2;
  const Explored explored = explore_with_a_lost_request(options);
  EXPECT_TRUE(some_end_is(explored, Ending::lock_refused, true));
  EXPECT_FALSE(waits_for_itself(explored));
}

// 2.6.9b-c, 2.4.3c: the save 20 s after the last one fails, the final one does not and has the serial after
// it.
TEST(Script, EndsWithAnApplyThatFailedToSaveInBetween) {
  CommandOptions options = running({Command::apply, Command::plan});
  options.resources = 2;
  const Explored explored = explore_with_a_lost_request(options, 2);
  EXPECT_TRUE(std::ranges::any_of(explored.ends, [](const End& end) {
    return end.outcomes[0].ending == Ending::resource_failed && end.state.serial == 3 && end.lock.empty();
  }));
}

}  // namespace
}  // namespace lockstorm
