// TableStore: row conditions are evaluated with the write (backend-protocols.md 3.12).
#include "models/services/tablestore.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

using Expect = TableStore::Expect;

class TableStoreTest : public testing::Test {
 protected:
  using Row = TableStore::Row;
  using Status = TableStore::Status;

  TableStore::Response ask(const TableStore::Request& request) {
    const auto effect = table.apply(value, 0, request);
    last_tags = effect.tags;
    return effect.response;
  }
  TableStore table;
  TableStore::Value value = table.initial();
  sim::Tags last_tags = 0;
};

TEST_F(TableStoreTest, ExpectNotExistAdmitsOne) {
  EXPECT_EQ(ask(TableStore::PutLock{kInfoA, Expect::not_exist}).status, Status::ok);
  EXPECT_EQ(ask(TableStore::PutLock{kInfoB, Expect::not_exist}).status, Status::condition_check_fail);
  EXPECT_EQ(ask(TableStore::PutLock{kInfoA, Expect::not_exist}).status, Status::condition_check_fail);
  EXPECT_EQ(ask(TableStore::GetRow{Row::lock}).lock, kInfoA);
  EXPECT_EQ(table.holders(value), 1U);
}

TEST_F(TableStoreTest, IgnoreDeletesWhateverIsThere) {
  EXPECT_EQ(ask(TableStore::DeleteLock{kIdA, Expect::ignore}).status, Status::ok);  // nothing
  EXPECT_EQ(ask(TableStore::DeleteLock{kIdA, Expect::exist}).status, Status::condition_check_fail);
  ask(TableStore::PutLock{kInfoB, Expect::not_exist});
  EXPECT_EQ(ask(TableStore::DeleteLock{kIdA, Expect::ignore}).status, Status::ok);
  EXPECT_EQ(last_tags, checkers::kTouchesForeignLock);
  EXPECT_TRUE(ask(TableStore::GetRow{Row::lock}).lock.empty());
  EXPECT_EQ(table.holders(value), 0U);
}

TEST_F(TableStoreTest, TheDigestIsARowOfItsOwn) {
  StateSnapshot state;
  state.serial = 3;
  EXPECT_EQ(ask(TableStore::DeleteDigest{Expect::exist}).status, Status::condition_check_fail);
  ask(TableStore::PutDigest{state});
  EXPECT_EQ(ask(TableStore::GetRow{Row::digest}).digest, state);
  EXPECT_TRUE(ask(TableStore::GetRow{Row::lock}).lock.empty());
  EXPECT_EQ(ask(TableStore::DeleteDigest{Expect::exist}).status, Status::ok);
  EXPECT_FALSE(ask(TableStore::GetRow{Row::digest}).digest.exists());
}

}  // namespace
}  // namespace lockstorm::models
