// The local disk: locks die with their process, rewrites are not atomic, and tags tell the monitors what was
// lost.
#include "models/services/local_files.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

class LocalFilesTest : public testing::Test {
 protected:
  using Status = LocalFiles::Status;

  sim::Effect<LocalFiles::Response> ask(sim::Slot caller, const LocalFiles::Request& request) {
    return files.apply(disk, caller, request);
  }
  Status status(sim::Slot caller, const LocalFiles::Request& request) {
    return ask(caller, request).response.status;
  }

  LocalFiles files{state_of(kSlotA, 1)};
  LocalFiles::Value disk = files.initial();
};

TEST_F(LocalFilesTest, LockExcludesOtherProcessesButNotItsOwner) {
  EXPECT_EQ(files.holders(disk), 0U);
  EXPECT_EQ(status(kSlotA, LocalFiles::LockFile{}), Status::ok);
  EXPECT_EQ(files.holders(disk), 1U << kSlotA);
  EXPECT_EQ(status(kSlotA, LocalFiles::LockFile{}), Status::ok);
  EXPECT_EQ(status(kSlotB, LocalFiles::LockFile{}), Status::would_block);
  EXPECT_EQ(status(kSlotB, LocalFiles::QueryLock{}), Status::would_block);
  EXPECT_EQ(status(kSlotB, LocalFiles::UnlockFile{}),
            Status::ok);  // unlocking what one does not hold does nothing
  EXPECT_EQ(files.holders(disk), 1U << kSlotA);
  EXPECT_EQ(status(kSlotA, LocalFiles::UnlockFile{}), Status::ok);
  EXPECT_EQ(status(kSlotB, LocalFiles::LockFile{}), Status::ok);
}

TEST_F(LocalFilesTest, KernelDropsTheLockOfADeadProcessAndKeepsItsFiles) {
  ask(kSlotA, LocalFiles::LockFile{});
  ask(kSlotA, LocalFiles::WriteInfo{kInfoA});
  files.process_ended(disk, kSlotA);
  EXPECT_EQ(files.holders(disk), 0U);
  EXPECT_EQ(ask(kSlotB, LocalFiles::ReadInfo{}).response.info, kInfoA);
  EXPECT_EQ(disk.contents, state_of(kSlotA, 1));
}

TEST_F(LocalFilesTest, ADeadProcessMakesNoSystemCalls) {
  files.process_ended(disk, kSlotA);
  const LocalFiles::Value before = disk;
  EXPECT_EQ(status(kSlotA, LocalFiles::LockFile{}), Status::no_process);
  const auto write = ask(kSlotA, LocalFiles::WriteContents{state_of(kSlotA, 2)});
  EXPECT_EQ(write.response.status, Status::no_process);
  EXPECT_EQ(write.tags, 0);
  EXPECT_EQ(sim::encode_value(disk), sim::encode_value(before));
}

TEST_F(LocalFilesTest, DeathIsTheSameInWhateverOrder) {
  LocalFiles::Value other = disk;
  files.process_ended(disk, kSlotA);
  files.process_ended(disk, kSlotB);
  files.process_ended(other, kSlotB);
  files.process_ended(other, kSlotA);
  EXPECT_EQ(sim::encode_value(disk), sim::encode_value(other));
}

TEST_F(LocalFilesTest, ARewritePassesThroughEmptyAndTorn) {
  EXPECT_EQ(ask(kSlotA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
  EXPECT_EQ(ask(kSlotA, LocalFiles::Truncate{}).tags, 0);
  EXPECT_FALSE(ask(kSlotB, LocalFiles::ReadState{}).response.state.exists());
  ask(kSlotA, LocalFiles::WritePrefix{});
  EXPECT_EQ(ask(kSlotB, LocalFiles::ReadState{}).response.state.torn, 1);
  EXPECT_EQ(ask(kSlotA, LocalFiles::WriteContents{state_of(kSlotA, 2)}).tags, checkers::kWritesState);
  EXPECT_EQ(ask(kSlotB, LocalFiles::ReadState{}).response.state, state_of(kSlotA, 2));
}

// Whoever reads an emptied or torn file must not count as having read the state that was there.
TEST_F(LocalFilesTest, ReadingADestroyedStateIsNotReadingIt) {
  ask(kSlotA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kSlotB, LocalFiles::ReadState{}).tags, 0);
  ask(kSlotA, LocalFiles::WritePrefix{});
  EXPECT_EQ(ask(kSlotB, LocalFiles::ReadState{}).tags, 0);
  ask(kSlotB, LocalFiles::Truncate{});  // of a torn file: what A destroyed is still what is missing
  EXPECT_EQ(disk.destroyed, state_of(kSlotA, 1));
  ask(kSlotB, LocalFiles::WriteContents{state_of(kSlotB, 1)});
  EXPECT_EQ(ask(kSlotA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
}

TEST_F(LocalFilesTest, AnEmptyFileThatNeverHeldAStateTellsAllThereIs) {
  LocalFiles::Value fresh = LocalFiles{}.initial();
  EXPECT_EQ(files.apply(fresh, kSlotA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
  EXPECT_EQ(files.apply(fresh, kSlotA, LocalFiles::Truncate{}).response.status, Status::ok);
  EXPECT_EQ(files.apply(fresh, kSlotA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
}

TEST_F(LocalFilesTest, TheCopyForTheBackupIsNoRead) {
  EXPECT_EQ(ask(kSlotA, LocalFiles::ReadState{1}).tags, 0);
  EXPECT_EQ(ask(kSlotA, LocalFiles::ReadState{1}).response.state, state_of(kSlotA, 1));
}

TEST_F(LocalFilesTest, SerialsAreComparedWithTheStateThatWasDestroyed) {
  ask(kSlotA, LocalFiles::WriteContents{state_of(kSlotA, 5)});
  ask(kSlotB, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kSlotB, LocalFiles::WriteContents{state_of(kSlotB, 5)}).tags,
            checkers::kWritesState | checkers::kSameSerialOtherText);
  ask(kSlotA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kSlotA, LocalFiles::WriteContents{state_of(kSlotA, 3)}).tags,
            checkers::kWritesState | checkers::kSerialWentBack);
  ask(kSlotA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kSlotA, LocalFiles::WriteContents{state_of(kSlotA, 3)}).tags,
            checkers::kWritesState);  // the same text again
}

TEST_F(LocalFilesTest, RemovingAnothersInfoIsTold) {
  EXPECT_EQ(status(kSlotA, LocalFiles::RemoveInfo{kIdA}), Status::no_entry);
  ask(kSlotA, LocalFiles::WriteInfo{kInfoA});
  EXPECT_EQ(ask(kSlotA, LocalFiles::RemoveInfo{kIdA}).tags, 0);
  ask(kSlotB, LocalFiles::WriteInfo{kInfoB});
  EXPECT_EQ(ask(kSlotA, LocalFiles::RemoveInfo{kIdA}).tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(status(kSlotA, LocalFiles::ReadInfo{}), Status::no_entry);
}

// Terraform removes the file that it has created when it is still empty after the unlock.
TEST_F(LocalFilesTest, WhoHasARemovedFileOpenKeepsItAndItsLock) {
  LocalFiles::Value fresh = LocalFiles{}.initial();
  const auto asks = [&fresh](sim::Slot caller, const LocalFiles::Request& request) {
    return LocalFiles{}.apply(fresh, caller, request);
  };
  EXPECT_EQ(asks(kSlotA, LocalFiles::Stat{}).response.status, Status::no_entry);
  asks(kSlotA, LocalFiles::Open{});
  EXPECT_EQ(asks(kSlotB, LocalFiles::Stat{}).response.status, Status::empty_file);
  asks(kSlotB, LocalFiles::Open{});
  EXPECT_EQ(asks(kSlotA, LocalFiles::UnlockFile{}).response.status, Status::ok);
  EXPECT_EQ(asks(kSlotB, LocalFiles::LockFile{}).response.status, Status::ok);
  EXPECT_EQ(asks(kSlotA, LocalFiles::RemoveState{}).tags, 0);
  EXPECT_EQ(LocalFiles{}.holders(fresh), 0U) << "a lock on a file without a name excludes nobody";
  asks(kSlotA, LocalFiles::Open{});
  EXPECT_EQ(asks(kSlotA, LocalFiles::LockFile{}).response.status, Status::ok);

  EXPECT_EQ(asks(kSlotB, LocalFiles::WriteContents{state_of(kSlotB, 1)}).tags, checkers::kWritesState);
  EXPECT_EQ(asks(kSlotB, LocalFiles::ReadState{}).response.state, state_of(kSlotB, 1));
  const auto read = asks(kSlotA, LocalFiles::ReadState{});
  EXPECT_FALSE(read.response.state.exists());
  EXPECT_EQ(read.tags, 0) << "not what was acknowledged last";
  asks(kSlotB, LocalFiles::UnlockFile{});
  EXPECT_EQ(fresh.nameless.front(), LocalFiles::Nameless{}) << "closed, and gone";
}

TEST_F(LocalFilesTest, ARemovalTakesWhateverHasBeenWritten) {
  ask(kSlotA, LocalFiles::Open{});
  EXPECT_EQ(status(kSlotA, LocalFiles::Stat{}), Status::ok);
  EXPECT_EQ(ask(kSlotB, LocalFiles::RemoveState{}).tags, checkers::kWritesState | checkers::kDeletesState);
  EXPECT_EQ(status(kSlotB, LocalFiles::RemoveState{}), Status::no_entry);
  EXPECT_EQ(ask(kSlotA, LocalFiles::ReadState{}).response.state, state_of(kSlotA, 1));
}

}  // namespace
}  // namespace lockstorm::models
