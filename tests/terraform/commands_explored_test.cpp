// What commands do to each other and what they leave behind, over every run of small worlds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/printers.hpp"
#include "tests/terraform/command_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;

/// The endings of all clients together, over every run.
std::set<std::vector<Ending>> endings(const Explored& explored) {
  std::set<std::vector<Ending>> result;
  for (const End& end : explored.ends) {
    std::vector<Ending> all;
    for (const models::Outcome& outcome : end.outcomes) all.push_back(outcome.ending);
    result.insert(all);
  }
  return result;
}

class CrashOf : public testing::TestWithParam<Command> {};

// A kill at any moment leaves the old state or the new one, and at most a lock that names the dead.
TEST_P(CrashOf, LeavesTheOldStateOrTheNewOneAndItsOwnLock) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  world.faults()[sim::Fault::crash] = 1;
  world.add_client(running({GetParam()}));
  const Explored explored = explore(world);
  std::set<int> serials;
  bool lock_left = false;
  bool unlocked = false;
  for (const End& end : explored.ends) {
    serials.insert(end.state.serial);
    if (end.lock.empty()) {
      unlocked = true;
    } else {
      lock_left = true;
      EXPECT_EQ(end.lock.id.owner, sim::Who::process(0));
      EXPECT_EQ(end.statuses[0], sim::ProcessStatus::dead);
    }
  }
  EXPECT_TRUE(lock_left);
  EXPECT_TRUE(unlocked);
  EXPECT_EQ(serials, models::writes(GetParam()) ? (std::set<int>{1, 2}) : (std::set<int>{1}));
  EXPECT_FALSE(explored.has_violated(Property::own_lock_only));
  EXPECT_FALSE(explored.has_violated(Property::no_lost_update));
}

INSTANTIATE_TEST_SUITE_P(Commands, CrashOf,
                         testing::Values(Command::plan, Command::plan_out, Command::destroy, Command::refresh,
                                         Command::state_mv, Command::state_rm),
                         [](const auto& info) {
                           std::string name(models::command_name(info.param));
                           std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
                           return name;
                         });

// 2.8.2: the second of two applies of one plan finds another serial.
TEST(SavedPlan, IsAppliedOnceAndThenStale) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  CommandOptions options = running({Command::apply_plan});
  options.directory.plan = {true, earlier_state(1, 1)};
  options.lock_timeout = std::chrono::minutes(5);
  world.add_client(options, 2);
  const Explored explored = explore(world);
  for (const End& end : explored.ends) {
    const auto applied = std::ranges::count(end.outcomes, Ending::applied, &models::Outcome::ending);
    EXPECT_LE(applied, 1);
    EXPECT_EQ(end.state.serial, 1 + applied);
  }
  EXPECT_TRUE(endings(explored).contains({Ending::applied, Ending::stale_plan}));
  EXPECT_FALSE(explored.has_violated(Property::no_lost_update));
}

// A plan on no state at all is compared by serial only (2.8.2).
TEST(SavedPlan, OfAnEmptyWorkspaceIsStaleOnceAStateExists) {
  const auto applies = [](const StateSnapshot& initial) {
    CommandWorld world = CommandWorld::on_s3(initial);
    CommandOptions options = running({Command::apply_plan});
    options.directory.plan = {true, {}};
    world.add_client(options);
    return walk(world).end.outcomes[0].ending;
  };
  EXPECT_EQ(applies({}), Ending::applied);
  EXPECT_EQ(applies(earlier_state(1, 1)), Ending::stale_plan);
}

TEST(SavedPlan, OfAnotherLineageIsRefused) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  StateSnapshot planned = earlier_state(1, 1);
  planned.lineage = sim::Who::me();
  CommandOptions options = running({Command::apply_plan});
  options.directory.plan = {true, planned};
  world.add_client(options);
  EXPECT_EQ(walk(world).end.outcomes[0].ending, Ending::stale_plan);
}

// 2.8.4: the same serial names another content once a lock was broken; the plan passes, and that content
// goes.
TEST(SavedPlan, FitsAnotherStateOfTheSameSerial) {
  StateSnapshot other = earlier_state(2, 1);
  other.write = 7;
  CommandWorld world = CommandWorld::on_s3(other);
  CommandOptions options = running({Command::apply_plan});
  options.directory.plan = {true, earlier_state(2, 1)};
  world.add_client(options);
  EXPECT_EQ(walk(world).end.outcomes[0].ending, Ending::applied);
}

// 2.11 and 2.4.7: whoever pulled before an apply may not push after it; with -force the apply is lost.
TEST(StatePush, IsRefusedAfterAnotherWriteUnlessForced) {
  for (const bool force : {false, true}) {
    CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
    world.add_client(running({Command::state_pull, force ? Command::state_push_force : Command::state_push}));
    world.add_client(running({Command::apply}));
    const Explored explored = explore(world);
    const auto seen = endings(explored);
    EXPECT_EQ(seen.contains({Ending::import_refused, Ending::applied}), !force);
    EXPECT_TRUE(seen.contains({Ending::done, Ending::applied})) << "one after the other";
    EXPECT_EQ(explored.has_violated(Property::no_lost_update), force);
  }
}

// 2.6.11 and 2.11: errored.tfstate can be pushed as long as nobody else wrote.
TEST(StatePush, SavesAnErroredState) {
  // One attempt only, so that a lost request is a failed persist.
  models::S3BackendOptions once = lockfile();
  once.max_attempts = 1;
  CommandWorld single = CommandWorld::on_s3({}, once);
  single.faults()[sim::Fault::lose_request] = 1;
  single.add_client(running({Command::apply, Command::state_push}));
  bool saved = false;
  for (const End& end : explore(single).ends) {
    if (end.outcomes[0].errored.exists()) ADD_FAILURE() << "errored.tfstate was not pushed";
    EXPECT_EQ(end.state.instance[0], end.cloud.live[0]);
    if (end.outcomes[0].ending == Ending::done) saved = true;
  }
  EXPECT_TRUE(saved);
}

// 2.6.11: OpenTofu's manager of the file raises the serial that the failed save had raised already.
TEST(ErroredState, HasASerialMoreInOpenTofu) {
  for (const auto& [dialect, serial] :
       {std::pair{models::Dialect::terraform, 2}, {models::Dialect::opentofu, 3}}) {
    models::S3BackendOptions once = lockfile(dialect);
    once.max_attempts = 1;
    CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1), once);
    world.faults()[sim::Fault::lose_request] = 1;
    CommandOptions options = running({Command::apply});
    options.dialect = dialect;
    world.add_client(options);
    unsigned failed = 0;
    for (const End& end : explore(world).ends) {
      if (end.outcomes[0].ending != Ending::persist_failed) continue;
      ++failed;
      EXPECT_EQ(end.outcomes[0].errored.serial, serial);
      EXPECT_EQ(end.outcomes[0].errored.lineage, sim::Who::predecessor());
    }
    EXPECT_GT(failed, 0U);
  }
}

// 2.4.2: until a file was read, OpenTofu's manager forgets what it has recorded whenever it looks again.
TEST(FirstLocalApply, SavesOnlyTheLastResourceInBetweenInOpenTofu) {
  for (const models::Dialect dialect : {models::Dialect::terraform, models::Dialect::opentofu}) {
    CommandWorld world = CommandWorld::on_disk({}, dialect);
    world.faults()[sim::Fault::crash] = 1;
    CommandOptions options = running({Command::apply});
    options.dialect = dialect;
    options.manager = models::StateManager::filesystem;
    options.resources = 3;
    world.add_client(options);
    const std::vector<End> ends = explore(world, false).ends;
    const bool lacks_the_first = std::ranges::any_of(
        ends, [](const End& end) { return end.state.instance[0] == 0 && end.state.instance[1] != 0; });
    EXPECT_EQ(lacks_the_first, dialect == models::Dialect::opentofu);
    EXPECT_TRUE(std::ranges::any_of(ends, [](const End& end) {
      return std::ranges::count(end.state.instance, 1) == 3;
    })) << "the last save has them all";
  }
}

TEST(PlanBesideApply, HarmsNothing) {
  for (const bool lock : {true, false}) {
    CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
    CommandOptions plan = running({Command::plan});
    plan.lock = lock;
    world.add_client(plan);
    world.add_client(running({Command::apply}));
    const Explored explored = explore(world);
    EXPECT_TRUE(explored.violated.empty());
    // Only a plan that locks can turn the apply away.
    EXPECT_EQ(endings(explored).contains({Ending::done, Ending::lock_refused}), lock);
  }
}

TEST(WithoutLock, AnApplyLosesTheOthersUpdate) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  CommandOptions unlocked = running({Command::apply});
  unlocked.lock = false;
  world.add_client(unlocked);
  world.add_client(running({Command::apply}));
  const Explored explored = explore(world);
  EXPECT_TRUE(explored.has_violated(Property::no_lost_update));
  EXPECT_TRUE(explored.has_violated(Property::exclusive_effects));
  EXPECT_TRUE(explored.has_violated(Property::mutual_exclusion));
}

// 2.5.2: an apply fits between the unlock and the deletion.
TEST(WorkspaceDelete, TakesAnApplyAlongThatCameInBetween) {
  models::S3BackendOptions named = lockfile();
  named.default_workspace = false;
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 0), named);
  world.add_client(running({Command::workspace_delete}));
  world.add_client(running({Command::apply}));
  const Explored explored = explore(world);
  EXPECT_TRUE(explored.has_violated(Property::no_lost_update));
  EXPECT_TRUE(std::ranges::any_of(explored.ends, [](const End& end) {
    return end.cloud.live[0] != 0 && !end.state.exists() && end.outcomes[1].ending == Ending::applied;
  })) << "the resource exists and no state knows it";
}

TEST(Destroy, BesideApplyLeavesStateAndCloudInAgreement) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  CommandOptions destroy = running({Command::destroy});
  CommandOptions apply = running({Command::apply});
  destroy.lock_timeout = apply.lock_timeout = std::chrono::minutes(5);
  world.add_client(destroy);
  world.add_client(apply);
  const Explored explored = explore(world);
  EXPECT_TRUE(explored.violated.empty());
  for (const End& end : explored.ends) EXPECT_EQ(end.state.instance[0] == 0, end.cloud.live[0] == 0);
}

}  // namespace
}  // namespace lockstorm
