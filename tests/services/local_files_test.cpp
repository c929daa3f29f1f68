// The local disk: locks die with their process, rewrites are not atomic, and tags tell the monitors what was
// lost.
#include "models/services/local_files.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"

namespace lockstorm::models {
namespace {

using Status = LocalFiles::Status;

constexpr sim::Slot kA = 0;
constexpr sim::Slot kB = 1;

StateSnapshot state_of(sim::Slot writer, std::uint8_t serial) {
  StateSnapshot snapshot;
  snapshot.lineage = sim::Who::predecessor();
  snapshot.writer = sim::Who::process(writer);
  snapshot.serial = serial;
  return snapshot;
}

class LocalFilesTest : public testing::Test {
 protected:
  sim::Effect<LocalFiles::Response> ask(sim::Slot caller, const LocalFiles::Request& request) {
    return files.apply(disk, caller, request);
  }
  Status status(sim::Slot caller, const LocalFiles::Request& request) {
    return ask(caller, request).response.status;
  }

  LocalFiles files{state_of(kA, 1)};
  LocalFiles::Value disk = files.initial();
};

TEST_F(LocalFilesTest, LockExcludesOtherProcessesButNotItsOwner) {
  EXPECT_EQ(files.holders(disk), 0U);
  EXPECT_EQ(status(kA, LocalFiles::LockFile{}), Status::ok);
  EXPECT_EQ(files.holders(disk), 1U << kA);
  EXPECT_EQ(status(kA, LocalFiles::LockFile{}), Status::ok);
  EXPECT_EQ(status(kB, LocalFiles::LockFile{}), Status::would_block);
  EXPECT_EQ(status(kB, LocalFiles::QueryLock{}), Status::would_block);
  EXPECT_EQ(status(kB, LocalFiles::UnlockFile{}),
            Status::ok);  // unlocking what one does not hold does nothing
  EXPECT_EQ(files.holders(disk), 1U << kA);
  EXPECT_EQ(status(kA, LocalFiles::UnlockFile{}), Status::ok);
  EXPECT_EQ(status(kB, LocalFiles::LockFile{}), Status::ok);
}

TEST_F(LocalFilesTest, KernelDropsTheLockOfADeadProcessAndKeepsItsFiles) {
  const LockInfo info{{sim::Who::process(kA), 0}, LockOperation::apply};
  ask(kA, LocalFiles::LockFile{});
  ask(kA, LocalFiles::WriteInfo{info});
  files.process_ended(disk, kA);
  EXPECT_EQ(files.holders(disk), 0U);
  EXPECT_EQ(ask(kB, LocalFiles::ReadInfo{}).response.info, info);
  EXPECT_EQ(disk.contents, state_of(kA, 1));
}

TEST_F(LocalFilesTest, ADeadProcessMakesNoSystemCalls) {
  files.process_ended(disk, kA);
  const LocalFiles::Value before = disk;
  EXPECT_EQ(status(kA, LocalFiles::LockFile{}), Status::no_process);
  const auto write = ask(kA, LocalFiles::WriteContents{state_of(kA, 2)});
  EXPECT_EQ(write.response.status, Status::no_process);
  EXPECT_EQ(write.tags, 0);
  EXPECT_EQ(sim::encode_value(disk), sim::encode_value(before));
}

TEST_F(LocalFilesTest, DeathIsTheSameInWhateverOrder) {
  LocalFiles::Value other = disk;
  files.process_ended(disk, kA);
  files.process_ended(disk, kB);
  files.process_ended(other, kB);
  files.process_ended(other, kA);
  EXPECT_EQ(sim::encode_value(disk), sim::encode_value(other));
}

TEST_F(LocalFilesTest, ARewritePassesThroughEmptyAndTorn) {
  EXPECT_EQ(ask(kA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
  EXPECT_EQ(ask(kA, LocalFiles::Truncate{}).tags, 0);
  EXPECT_FALSE(ask(kB, LocalFiles::ReadState{}).response.state.exists());
  ask(kA, LocalFiles::WritePrefix{});
  EXPECT_EQ(ask(kB, LocalFiles::ReadState{}).response.state.torn, 1);
  EXPECT_EQ(ask(kA, LocalFiles::WriteContents{state_of(kA, 2)}).tags, checkers::kWritesState);
  EXPECT_EQ(ask(kB, LocalFiles::ReadState{}).response.state, state_of(kA, 2));
}

// Whoever reads an emptied or torn file must not count as having read the state that was there.
TEST_F(LocalFilesTest, ReadingADestroyedStateIsNotReadingIt) {
  ask(kA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kB, LocalFiles::ReadState{}).tags, 0);
  ask(kA, LocalFiles::WritePrefix{});
  EXPECT_EQ(ask(kB, LocalFiles::ReadState{}).tags, 0);
  ask(kB, LocalFiles::Truncate{});  // of a torn file: what A destroyed is still what is missing
  EXPECT_EQ(disk.destroyed, state_of(kA, 1));
  ask(kB, LocalFiles::WriteContents{state_of(kB, 1)});
  EXPECT_EQ(ask(kA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
}

TEST_F(LocalFilesTest, AnEmptyFileThatNeverHeldAStateTellsAllThereIs) {
  LocalFiles::Value fresh = LocalFiles{}.initial();
  EXPECT_EQ(files.apply(fresh, kA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
  EXPECT_EQ(files.apply(fresh, kA, LocalFiles::Truncate{}).response.status, Status::ok);
  EXPECT_EQ(files.apply(fresh, kA, LocalFiles::ReadState{}).tags, checkers::kReadsState);
}

TEST_F(LocalFilesTest, TheCopyForTheBackupIsNoRead) {
  EXPECT_EQ(ask(kA, LocalFiles::ReadState{1}).tags, 0);
  EXPECT_EQ(ask(kA, LocalFiles::ReadState{1}).response.state, state_of(kA, 1));
}

TEST_F(LocalFilesTest, SerialsAreComparedWithTheStateThatWasDestroyed) {
  ask(kA, LocalFiles::WriteContents{state_of(kA, 5)});
  ask(kB, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kB, LocalFiles::WriteContents{state_of(kB, 5)}).tags,
            checkers::kWritesState | checkers::kSameSerialOtherText);
  ask(kA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kA, LocalFiles::WriteContents{state_of(kA, 3)}).tags,
            checkers::kWritesState | checkers::kSerialWentBack);
  ask(kA, LocalFiles::Truncate{});
  EXPECT_EQ(ask(kA, LocalFiles::WriteContents{state_of(kA, 3)}).tags,
            checkers::kWritesState);  // the same text again
}

TEST_F(LocalFilesTest, RemovingAnothersInfoIsTold) {
  const LockId mine{sim::Who::process(kA), 0};
  const LockId other{sim::Who::process(kB), 0};
  EXPECT_EQ(status(kA, LocalFiles::RemoveInfo{mine}), Status::no_entry);
  ask(kA, LocalFiles::WriteInfo{{mine, LockOperation::apply}});
  EXPECT_EQ(ask(kA, LocalFiles::RemoveInfo{mine}).tags, 0);
  ask(kB, LocalFiles::WriteInfo{{other, LockOperation::apply}});
  EXPECT_EQ(ask(kA, LocalFiles::RemoveInfo{mine}).tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(status(kA, LocalFiles::ReadInfo{}), Status::no_entry);
}

// Terraform removes the file that it has created when it is still empty after the unlock.
TEST_F(LocalFilesTest, WhoHasARemovedFileOpenKeepsItAndItsLock) {
  LocalFiles::Value fresh = LocalFiles{}.initial();
  const auto asks = [&fresh](sim::Slot caller, const LocalFiles::Request& request) {
    return LocalFiles{}.apply(fresh, caller, request);
  };
  EXPECT_EQ(asks(kA, LocalFiles::Stat{}).response.status, Status::no_entry);
  asks(kA, LocalFiles::Open{});
  EXPECT_EQ(asks(kB, LocalFiles::Stat{}).response.status, Status::empty_file);
  asks(kB, LocalFiles::Open{});
  EXPECT_EQ(asks(kA, LocalFiles::UnlockFile{}).response.status, Status::ok);
  EXPECT_EQ(asks(kB, LocalFiles::LockFile{}).response.status, Status::ok);
  EXPECT_EQ(asks(kA, LocalFiles::RemoveState{}).tags, 0);
  EXPECT_EQ(LocalFiles{}.holders(fresh), 0U) << "a lock on a file without a name excludes nobody";
  asks(kA, LocalFiles::Open{});
  EXPECT_EQ(asks(kA, LocalFiles::LockFile{}).response.status, Status::ok);

  EXPECT_EQ(asks(kB, LocalFiles::WriteContents{state_of(kB, 1)}).tags, checkers::kWritesState);
  EXPECT_EQ(asks(kB, LocalFiles::ReadState{}).response.state, state_of(kB, 1));
  const auto read = asks(kA, LocalFiles::ReadState{});
  EXPECT_FALSE(read.response.state.exists());
  EXPECT_EQ(read.tags, 0) << "not what was acknowledged last";
  asks(kB, LocalFiles::UnlockFile{});
  EXPECT_EQ(fresh.nameless.front(), LocalFiles::Nameless{}) << "closed, and gone";
}

TEST_F(LocalFilesTest, ARemovalTakesWhateverHasBeenWritten) {
  ask(kA, LocalFiles::Open{});
  EXPECT_EQ(status(kA, LocalFiles::Stat{}), Status::ok);
  EXPECT_EQ(ask(kB, LocalFiles::RemoveState{}).tags, checkers::kWritesState | checkers::kDeletesState);
  EXPECT_EQ(status(kB, LocalFiles::RemoveState{}), Status::no_entry);
  EXPECT_EQ(ask(kA, LocalFiles::ReadState{}).response.state, state_of(kA, 1));
}

}  // namespace
}  // namespace lockstorm::models
