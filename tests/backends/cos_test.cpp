// The cos backend: a tag as mutex that anybody deletes, around a lock object that nothing protects.
#include "models/backends/cos.hpp"

#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using models::CosBackend;
using models::Dialect;
using models::TencentCos;
using models::TencentTag;

constexpr sim::ServiceRef<TencentCos> kCos{0};
constexpr sim::ServiceRef<TencentTag> kTag{1};

/// Bodies one after the other on a bucket and the tag service; the operations in order.
class CosBackendTest : public testing::TestWithParam<Dialect> {
 protected:
  std::vector<std::string> in_turn(const std::vector<sim::Process::Body>& bodies) {
    TencentCos cos;
    cos.initial_state = state_exists ? earlier_state() : models::StateSnapshot{};
    return operations_in_turn({sim::make_service(cos), sim::make_service(TencentTag{})}, bodies);
  }

  CosBackend backend{{.dialect = GetParam()}, kCos, kTag};
  bool state_exists = true;
};

TEST_P(CosBackendTest, RequestsInOrder) {
  const auto operations = in_turn({[&](sim::Process& self) {
    EXPECT_EQ(backend.open(self).status, models::Done::ok);
    EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
    const auto got = backend.get(self);
    EXPECT_EQ(got.status, models::GetStatus::found);
    EXPECT_EQ(backend.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
  }});
  const std::vector<std::string> expected{"GET Bucket",  // StateMgr
                                          "CreateTag",    "GetObject",    "PutObject",
                                          "DescribeTags", "DeleteTag",                      // Lock
                                          "GetObject",    "PutObject",                      // Get, Put
                                          "GetObject",    "DeleteObject", "DescribeTags"};  // Unlock
  EXPECT_EQ(operations, expected);
}

TEST_P(CosBackendTest, TheSecondIsShownTheFirst) {
  models::LockResult refused;
  in_turn({[&](sim::Process& self) { backend.lock(self, kMyLock); },
           [&](sim::Process& self) {
             refused = backend.lock(self, kMyLock);
             EXPECT_FALSE(backend.is_blocked(self));  // the refused one has deleted its tag
             EXPECT_EQ(backend.unlock(self, {sim::Who::me(), 7}).status, models::Done::failed);
             EXPECT_EQ(backend.unlock(self, refused.info.id).status, models::Done::ok);
             EXPECT_TRUE(backend.shown_lock(self).empty());
           }});
  EXPECT_EQ(refused.status, models::LockStatus::refused);
  EXPECT_EQ(refused.info.id.owner, sim::Who::process(0));
}

// COS-1: somebody died with the tag.
TEST_P(CosBackendTest, AnOrphanTagCannotBeUnlocked) {
  in_turn({[&](sim::Process& self) { self.call(kTag, TencentTag::Request{TencentTag::CreateTag{}}); },
           [&](sim::Process& self) {
             EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::refused_without_info);
             EXPECT_TRUE(backend.shown_lock(self).empty());
             EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::failed);
             EXPECT_TRUE(backend.is_blocked(self));
           }});
}

// Unlock deletes the mutex of whoever is about to lock.
TEST_P(CosBackendTest, UnlockDeletesAnybodysTag) {
  in_turn({[&](sim::Process& self) {
    backend.lock(self, kMyLock);
    self.call(kTag, TencentTag::Request{TencentTag::CreateTag{}});  // stands for another client's
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
    EXPECT_FALSE(backend.is_blocked(self));
  }});
}

TEST_P(CosBackendTest, ANewWorkspaceIsCreatedUnderALockAndDeletedWithoutOne) {
  state_exists = false;
  const CosBackend named({.dialect = GetParam(), .default_workspace = false}, kCos, kTag);
  const auto operations = in_turn({[&](sim::Process& self) {
    EXPECT_EQ(named.list_workspace(self).listed, 0);
    EXPECT_EQ(named.open(self).status, models::Done::ok);
    EXPECT_EQ(named.list_workspace(self).listed, 1);
    EXPECT_EQ(named.get(self).snapshot.serial, 1);
    EXPECT_EQ(named.remove(self).status, models::Done::ok);
    EXPECT_EQ(named.get(self).status, models::GetStatus::absent);
    EXPECT_EQ(backend.remove(self).status, models::Done::failed);  // default
  }});
  // RefreshState and PersistState both look, the second since the first found nothing (2.4.3b).
  const std::vector<std::string> created(operations.begin() + 2, operations.begin() + 13);
  const std::vector<std::string> expected{"CreateTag", "GetObject",    "PutObject",   "DescribeTags",
                                          "DeleteTag", "GetObject",    "GetObject",   "PutObject",
                                          "GetObject", "DeleteObject", "DescribeTags"};
  EXPECT_EQ(created, expected);
}

INSTANTIATE_TEST_SUITE_P(Tools, CosBackendTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

}  // namespace
}  // namespace lockstorm
