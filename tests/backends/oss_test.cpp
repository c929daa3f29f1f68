// The oss backend: a conditional row as lock, a digest that may not match, and deletes that ask nobody.
#include "models/backends/oss.hpp"

#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using models::AlibabaOss;
using models::Dialect;
using models::OssBackend;
using models::TableStore;

constexpr sim::ServiceRef<AlibabaOss> kOss{0};
constexpr sim::ServiceRef<TableStore> kTable{1};

class OssBackendTest : public testing::TestWithParam<Dialect> {
 protected:
  std::vector<std::string> in_turn(const std::vector<sim::Process::Body>& bodies) {
    AlibabaOss oss;
    TableStore table;
    if (state_exists) oss.initial_state = table.initial_digest = earlier_state();
    return operations_in_turn({sim::make_service(oss), sim::make_service(table)}, bodies);
  }

  OssBackend backend{{.dialect = GetParam(), .tablestore_table = true}, kOss, kTable};
  bool state_exists = true;
};

TEST_P(OssBackendTest, RequestsInOrder) {
  const auto operations = in_turn({[&](sim::Process& self) {
    EXPECT_EQ(backend.open(self).status, models::Done::ok);
    EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
    const auto got = backend.get(self);
    EXPECT_EQ(got.status, models::GetStatus::found);
    EXPECT_EQ(backend.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
    EXPECT_EQ(backend.shown_lock(self), kMyLock);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
  }});
  const std::vector<std::string> expected{
      "DescribeTable", "ListObjects",                // StateMgr
      "PutRow",                                      // Lock
      "HeadObject",    "GetObject",   "GetRow",      // Get
      "PutObject",     "PutRow",                     // Put
      "GetRow",        "GetRow",      "DeleteRow"};  // who holds it, Unlock
  EXPECT_EQ(operations, expected);
}

TEST_P(OssBackendTest, WithoutATableThereIsNoLock) {
  const OssBackend unlocked({.dialect = GetParam()}, kOss, kTable);
  const auto operations = in_turn({[&](sim::Process& self) {
    EXPECT_EQ(unlocked.open(self).status, models::Done::ok);
    EXPECT_EQ(unlocked.lock(self, kMyLock).status, models::LockStatus::no_locking);
    EXPECT_EQ(unlocked.put(self, earlier_state(), {}).status, models::Done::ok);
    EXPECT_TRUE(unlocked.shown_lock(self).empty());
  }});
  EXPECT_EQ(operations, (std::vector<std::string>{"ListObjects", "PutObject"}));
}

TEST_P(OssBackendTest, TheSecondIsShownTheFirst) {
  models::LockResult refused;
  in_turn({[&](sim::Process& self) { backend.lock(self, kMyLock); },
           [&](sim::Process& self) {
             refused = backend.lock(self, kMyLock);
             EXPECT_EQ(backend.unlock(self, {sim::Who::me(), 7}).status, models::Done::failed);
             EXPECT_EQ(backend.unlock(self, refused.info.id).status, models::Done::ok);
             EXPECT_EQ(backend.unlock(self, refused.info.id).status, models::Done::failed);
           }});
  EXPECT_EQ(refused.status, models::LockStatus::refused);
  EXPECT_EQ(refused.info.id.owner, sim::Who::process(0));
}

// X7: a state without its digest is read six times in vain.
TEST_P(OssBackendTest, AStateWithoutItsDigestCannotBeRead) {
  const auto operations = in_turn({[&](sim::Process& self) {
    models::StateSnapshot other = earlier_state();
    other.serial = 2;
    self.call(kOss, models::S3::Request{models::S3::PutState{other, {}, models::S3::Condition::none}});
    EXPECT_EQ(backend.get(self).status, models::GetStatus::failed);
  }});
  EXPECT_EQ(operations.size(), 1U + 6 * 3);
}

TEST_P(OssBackendTest, ANewWorkspaceIsCreatedUnderALockAndDeletedWithoutOne) {
  state_exists = false;
  const OssBackend named({.dialect = GetParam(), .tablestore_table = true, .default_workspace = false}, kOss,
                         kTable);
  in_turn({[&](sim::Process& self) {
    EXPECT_EQ(named.open(self).status, models::Done::ok);
    EXPECT_TRUE(named.shown_lock(self).empty());
    EXPECT_EQ(named.get(self).snapshot.serial, 1);
    EXPECT_EQ(named.list_workspace(self).listed, 1);
    EXPECT_EQ(named.remove(self).status, models::Done::ok);
    EXPECT_EQ(named.get(self).status, models::GetStatus::absent);  // the digest is gone as well
    EXPECT_EQ(backend.remove(self).status, models::Done::failed);  // default
  }});
}

INSTANTIATE_TEST_SUITE_P(Tools, OssBackendTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

}  // namespace
}  // namespace lockstorm
