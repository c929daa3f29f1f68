// Which calls each command makes, in which order, under which lock (backend-protocols.md 2.5 to 2.11).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/terraform/command_world.hpp"

namespace lockstorm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Calls = std::vector<std::string>;

const std::string kList = "s3 ListObjectsV2";
const std::string kLock = "s3 PutObject lock";
const std::string kHead = "s3 HeadObject";
const std::string kGet = "s3 GetObject";
const std::string kPut = "s3 PutObject";
const std::string kReadLock = "s3 GetObject lock";
const std::string kUnlock = "s3 DeleteObject lock";
const std::string kDelete = "s3 DeleteObject";
const std::string kReadResource = "cloud ReadResource";
const std::string kUpdate = "cloud UpdateResource";
const std::string kDeleteResource = "cloud DeleteResource";

Walked run(std::vector<Command> commands, CommandOptions options = {}) {
  options.commands = std::move(commands);
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 1));
  world.add_client(options);
  return walk(world);
}

TEST(CommandCalls, PlanHoldsTheLockAndWritesNothing) {
  const Walked walked = run({Command::plan});
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kReadResource, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("OperationTypePlan"));
  EXPECT_EQ(walked.end.state, earlier_state(1, 1));
  EXPECT_EQ(walked.end.outcomes[0].ending, Ending::done);
}

TEST(CommandCalls, ApplyOfAPlanFileDoesNotAskTheProviderAgain) {
  const Walked walked = run({Command::plan_out, Command::apply_plan});
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kReadResource, kReadLock, kUnlock,  //
                                 kList, kLock, kHead, kGet, kUpdate, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("OperationTypePlan", "OperationTypeApply"));
  EXPECT_EQ(walked.end.outcomes[0].ending, Ending::applied);
  EXPECT_EQ(walked.end.state.serial, 2);
}

TEST(CommandCalls, DestroyRemovesWhatTheStateRecords) {
  const Walked walked = run({Command::destroy});
  EXPECT_EQ(walked.calls,
            (Calls{kList, kLock, kHead, kGet, kReadResource, kDeleteResource, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("OperationTypeApply"));
  EXPECT_EQ(walked.end.cloud.live[0], 0);
  EXPECT_EQ(walked.end.state.instance[0], 0);
  EXPECT_EQ(walked.end.state.serial, 2);
}

TEST(CommandCalls, RefreshWritesWhatItRead) {
  const Walked walked = run({Command::refresh});
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kReadResource, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("OperationTypeRefresh"));
  EXPECT_EQ(walked.end.state.serial, 2);
  EXPECT_EQ(walked.end.state.instance[0], 1);
}

// 2.1.4: LocalRun's type is "invalid", and that is what the lock says.
TEST(CommandCalls, ImportLocksAsAnInvalidOperation) {
  StateSnapshot without = earlier_state(1, 2);
  CommandWorld world = CommandWorld::on_s3(without);
  CommandOptions options = running({Command::state_rm, Command::import});
  options.resources = 1;
  world.add_client(options);
  const Walked walked = walk(world);
  EXPECT_THAT(walked.operations, ElementsAre("state-rm", "OperationTypeInvalid"));
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kPut, kReadLock, kUnlock,  //
                                 kList, kLock, kHead, kGet, kReadResource, kPut, kReadLock, kUnlock}));
  EXPECT_EQ(walked.end.state.instance[0], 1);
  EXPECT_EQ(walked.end.state.serial, 3);
}

TEST(CommandCalls, ImportOfAManagedResourceIsRefused) {
  const Walked walked = run({Command::import});
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kReadLock, kUnlock}));
  EXPECT_EQ(walked.end.outcomes[0].ending, Ending::already_managed);
}

// 2.11: what lands is the file's serial + 1; the file's serial was raised by hand.
TEST(CommandCalls, StatePushLandsOneAboveTheFile) {
  const Walked walked = run({Command::state_pull, Command::state_push});
  EXPECT_EQ(walked.calls, (Calls{kList, kHead, kGet,  // pull does not lock
                                 kList, kLock, kHead, kGet, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("state-push"));
  EXPECT_EQ(walked.end.state.serial, 3);
  EXPECT_EQ(walked.end.outcomes[0].ending, Ending::done);
}

TEST(CommandCalls, StateMvRewritesTheState) {
  const Walked walked = run({Command::state_mv});
  EXPECT_EQ(walked.calls, (Calls{kList, kLock, kHead, kGet, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("state-mv"));
  EXPECT_EQ(walked.end.state.instance[0], 1);
}

TEST(CommandCalls, StateRmForgetsAndLeavesTheResource) {
  const Walked walked = run({Command::state_rm});
  EXPECT_THAT(walked.operations, ElementsAre("state-rm"));
  EXPECT_EQ(walked.end.state.instance[0], 0);
  EXPECT_EQ(walked.end.cloud.live[0], 1);
  EXPECT_EQ(walked.end.outcomes[0].released[0], 1);
}

TEST(CommandCalls, StateCommandsNeedAState) {
  for (const Command command : {Command::state_mv, Command::state_rm}) {
    CommandWorld world = CommandWorld::on_s3({});
    world.add_client(running({command}));
    const Walked walked = walk(world);
    EXPECT_EQ(walked.end.outcomes[0].ending, Ending::not_in_state);
    EXPECT_FALSE(walked.end.state.exists());
    EXPECT_TRUE(walked.end.lock.empty());
  }
}

// 2.3.3: -lock=false.
TEST(CommandCalls, WithoutLockNothingIsLocked) {
  CommandOptions options;
  options.lock = false;
  const Walked walked = run({Command::apply}, options);
  EXPECT_EQ(walked.calls, (Calls{kList, kHead, kGet, kReadResource, kUpdate, kPut}));
  EXPECT_THAT(walked.operations, IsEmpty());
}

class NamedWorkspace : public testing::Test {
 protected:
  static models::S3BackendOptions backend(models::Dialect dialect = models::Dialect::terraform) {
    models::S3BackendOptions options = lockfile(dialect);
    options.default_workspace = false;
    return options;
  }
  static Walked run(const StateSnapshot& initial, std::vector<Command> commands) {
    CommandWorld world = CommandWorld::on_s3(initial, backend());
    world.add_client(running(std::move(commands)));
    return walk(world);
  }
};

// 2.7: the `init` lock is the only one.
TEST_F(NamedWorkspace, NewCreatesAnEmptyStateUnderAnInitLock) {
  const Walked walked = run({}, {Command::workspace_new});
  EXPECT_EQ(walked.calls, (Calls{kList, kList, kLock, kHead, kHead, kPut, kReadLock, kUnlock}));
  EXPECT_THAT(walked.operations, ElementsAre("init"));
  EXPECT_EQ(walked.end.state.serial, 1);
}

TEST_F(NamedWorkspace, NewRefusesAnExistingOne) {
  EXPECT_EQ(run(earlier_state(1, 0), {Command::workspace_new}).end.outcomes[0].ending,
            Ending::workspace_exists);
}

// 2.4.3b and 2.4.5: the second manager has read nothing, finds the empty state that the first one created,
// and writes that in place of the file.
TEST_F(NamedWorkspace, NewWithAStateFileStoresTheEmptyStateInstead) {
  const Walked walked = run({}, {Command::workspace_new_state});
  EXPECT_THAT(walked.operations, ElementsAre("init", "workspace-new"));
  EXPECT_EQ(walked.end.outcomes[0].ending, Ending::done);
  EXPECT_EQ(walked.end.state.serial, 1);
  EXPECT_EQ(walked.end.state.write, 0) << "the file's content would carry the number of its write";
}

// 2.5.2, 2.1.4: unlock, then delete; and the mislabelled lock.
TEST_F(NamedWorkspace, DeleteUnlocksFirst) {
  const Walked walked = run(earlier_state(1, 0), {Command::workspace_delete});
  EXPECT_EQ(walked.calls, (Calls{kList, kList, kLock, kHead, kGet, kReadLock, kUnlock, kDelete}));
  EXPECT_THAT(walked.operations, ElementsAre("state-replace-provider"));
  EXPECT_FALSE(walked.end.state.exists());
}

TEST_F(NamedWorkspace, DeleteRefusesOneWithResources) {
  const Walked kept = run(earlier_state(1, 1), {Command::workspace_delete});
  EXPECT_EQ(kept.end.outcomes[0].ending, Ending::workspace_not_empty);
  EXPECT_TRUE(kept.end.state.exists());
  EXPECT_TRUE(kept.end.lock.empty());
  const Walked forced = run(earlier_state(1, 1), {Command::workspace_delete_force});
  EXPECT_FALSE(forced.end.state.exists());
  EXPECT_EQ(forced.end.outcomes[0].released[0], 1);
}

TEST_F(NamedWorkspace, TheDefaultOneIsNotDeleted) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(1, 0));
  world.add_client(running({Command::workspace_delete}));
  EXPECT_TRUE(walk(world).end.state.exists());
}

Walked migrate(const StateSnapshot& source, const StateSnapshot& destination) {
  CommandWorld world = CommandWorld::on_s3(source);
  CommandOptions options = running({Command::init_migrate});
  options.migrate_to = &world.add_destination(destination);
  world.add_client(options);
  return walk(world);
}

// 2.5: source first, then destination, both read before and again under their locks.
TEST(Migration, LocksTheSourceThenTheDestination) {
  const Walked walked = migrate(earlier_state(3, 1), {});
  EXPECT_THAT(walked.operations, ElementsAre("migration source state", "migration destination state"));
  EXPECT_EQ(walked.calls, (Calls{kList, kList,                      // workspaces of both
                                 kList, kHead, kGet, kList, kHead,  // both are looked at
                                 kLock, kLock, kHead, kGet, kHead,  // locked, and looked at again
                                 kHead, kPut,                       // 2.4.3b reads a third time
                                 kReadLock, kUnlock, kReadLock, kUnlock}));
  EXPECT_EQ(walked.end.destination.instance[0], 1);
}

// 2.4.5 (ii): into an empty backend the state loses its lineage and its serial.
TEST(Migration, IntoNothingStartsANewLineage) {
  const StateSnapshot copy = migrate(earlier_state(3, 1), {}).end.destination;
  EXPECT_EQ(copy.serial, 1);
  EXPECT_NE(copy.lineage, sim::Who::predecessor());
  const StateSnapshot over_another = migrate(earlier_state(3, 1), earlier_state(7, 0)).end.destination;
  EXPECT_EQ(over_another.serial, 4);
  EXPECT_EQ(over_another.lineage, sim::Who::predecessor());
}

TEST(Migration, EqualOrEmptyStatesAreNotEvenLocked) {
  EXPECT_THAT(migrate(earlier_state(3, 1), earlier_state(3, 1)).operations, IsEmpty());
  EXPECT_THAT(migrate({}, {}).operations, IsEmpty());
}

TEST(Migration, LaterCommandsUseTheNewBackend) {
  CommandWorld world = CommandWorld::on_s3(earlier_state(3, 1));
  CommandOptions options = running({Command::init_migrate, Command::apply});
  options.migrate_to = &world.add_destination({});
  world.add_client(options);
  const Walked walked = walk(world);
  EXPECT_EQ(walked.end.state, earlier_state(3, 1));
  EXPECT_EQ(walked.end.destination.serial, 2);
}

// 3.10: WriteStateForMigration of the local backend stores by itself, and `state push` then writes once more.
TEST(LocalPush, WritesTwice) {
  for (const auto& [dialect, serial] :
       {std::pair{models::Dialect::terraform, 3}, {models::Dialect::opentofu, 4}}) {
    CommandWorld world = CommandWorld::on_disk(earlier_state(1, 1), dialect);
    CommandOptions options = running({Command::state_pull, Command::state_push});
    options.dialect = dialect;
    options.manager = models::StateManager::filesystem;
    world.add_client(options);
    const Walked walked = walk(world, false);
    EXPECT_EQ(walked.end.state.serial, serial);
    EXPECT_EQ(std::ranges::count(walked.calls, "disk ftruncate"), 2);
  }
}

TEST(ValidImport, ComparesLineageSerialAndContent) {
  const StateSnapshot existing = earlier_state(5, 1);
  StateSnapshot other = existing;
  other.write = 9;
  EXPECT_TRUE(models::is_valid_import(existing, existing));
  EXPECT_FALSE(models::is_valid_import(other, existing)) << "same serial, other content";
  other.serial = 6;
  EXPECT_TRUE(models::is_valid_import(other, existing));
  other.serial = 4;
  EXPECT_FALSE(models::is_valid_import(other, existing));
  other.serial = 6;
  other.lineage = sim::Who::process(3);
  EXPECT_FALSE(models::is_valid_import(other, existing));
  other.lineage = sim::Who::nobody();
  EXPECT_TRUE(models::is_valid_import(other, existing)) << "a legacy state";
  EXPECT_TRUE(models::is_valid_import(existing, earlier_state(9, 0))) << "over an empty state";
  EXPECT_TRUE(models::is_valid_import(existing, {}));
}

TEST(CommandNames, AreThoseOfTheTools) {
  EXPECT_EQ(models::command_names().size(), 25U);
  for (const std::string_view name : models::command_names()) {
    const auto command = models::command_named(name);
    ASSERT_TRUE(command);
    EXPECT_EQ(models::command_name(*command), name);
  }
  EXPECT_FALSE(models::command_named("taint"));
}

}  // namespace
}  // namespace lockstorm
