// The azurerm backend: the lease excludes and fences, and its two-request lock leaves what it can leave.
#include "models/backends/azurerm.hpp"

#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::AzureBlob;
using models::AzurermBackend;
using models::Dialect;
using models::Ending;

/// A lease that nobody can be shown.
bool is_bare(const AzureBlob::Value& value) { return value.lease.is_locked() && value.metadata.empty(); }

class AzurermBackendTest : public testing::TestWithParam<Dialect> {
 protected:
  AzurermBackend backend{{.dialect = GetParam()}, kStore<AzureBlob>};
};

TEST_P(AzurermBackendTest, RequestsInOrder) {
  const AzurermBackend with_snapshots({.dialect = GetParam(), .snapshot = true}, kStore<AzureBlob>);
  const auto operations = operations_in_turn(
      existing<AzureBlob>(), {[&](sim::Process& self) {
        EXPECT_EQ(with_snapshots.open(self).status, models::Done::ok);
        EXPECT_EQ(with_snapshots.lock(self, kMyLock).status, models::LockStatus::granted);
        const auto got = with_snapshots.get(self);
        EXPECT_EQ(with_snapshots.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
        EXPECT_EQ(with_snapshots.shown_lock(self), kMyLock);
        EXPECT_EQ(with_snapshots.unlock(self, kMyLock.id).status, models::Done::ok);
        EXPECT_TRUE(with_snapshots.shown_lock(self).empty());
      }});
  const std::vector<std::string> expected{"Get Blob",  // StateMgr
                                          "Get Blob Properties",
                                          "Acquire Lease",
                                          "Get Blob Properties",
                                          "Set Blob Metadata",  // Lock
                                          "Get Blob",
                                          "Snapshot Blob",
                                          "Get Blob Properties",
                                          "Put Blob",             // Get, Put
                                          "Get Blob Properties",  // shown_lock
                                          "Get Blob Properties",
                                          "Get Blob Properties",
                                          "Set Blob Metadata",
                                          "Release Lease",  // Unlock
                                          "Get Blob Properties"};
  EXPECT_EQ(operations, expected);
}

// X2: whoever lost the lease is refused whatever it asks for, whether or not somebody else has it now.
TEST_P(AzurermBackendTest, AClientWithoutItsLeaseIsRefused) {
  const auto holder_then_person = [&](sim::Process& self) {
    ASSERT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
    ASSERT_TRUE(self.call(kStore<AzureBlob>, AzureBlob::BreakLease{}).answered());
    EXPECT_TRUE(backend.shown_lock(self).empty());
    EXPECT_EQ(backend.get(self).status, models::GetStatus::failed);
    EXPECT_EQ(backend.put(self, earlier_state(), {}).status, models::Done::failed);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::failed);
    // The next command has no lease id and reads.
    EXPECT_EQ(backend.open(self).status, models::Done::ok);
    EXPECT_EQ(backend.get(self).status, models::GetStatus::found);
  };
  operations_in_turn(existing<AzureBlob>(), {holder_then_person});
}

TEST_P(AzurermBackendTest, WithoutFaultsTheLockExcludes) {
  StoreWorld<AzureBlob> world(existing<AzureBlob>(), backend);
  const Found found = world.explore([](const AzureBlob::Value& end) {
    EXPECT_EQ(end.lease, models::AzureLease{});
    EXPECT_TRUE(end.metadata.empty());
  });
  EXPECT_EQ(found.explored.violated, 0);
  EXPECT_TRUE(found.reached(Ending::applied));
  EXPECT_TRUE(found.reached(Ending::lock_refused));
}

// The lease is there before its metadata, so a waiter may meet a lease without info (terraform#27670).
TEST_P(AzurermBackendTest, AWaiterMayGiveUpOnALeaseWithoutInfo) {
  StoreWorld<AzureBlob> world(existing<AzureBlob>(), backend);
  world.apply.lock_timeout = std::chrono::minutes(5);
  EXPECT_TRUE(world.explore().reached(Ending::lock_wait_aborted));
}

// X11: a crash between lease and metadata, on the way in or out.
TEST_P(AzurermBackendTest, ACrashMayLeaveALeaseWithoutInfo) {
  StoreWorld<AzureBlob> world(existing<AzureBlob>(), backend);
  world.clients = 1;
  world.faults[sim::Fault::crash] = 1;
  bool bare = false;
  bool with_info = false;
  world.explore([&](const AzureBlob::Value& end) {
    bare |= is_bare(end);
    with_info |= end.lease.is_locked() && !end.metadata.empty();
  });
  EXPECT_TRUE(bare);
  EXPECT_TRUE(with_info);
}

// Terraform repeats no PUT whose connection fails; OpenTofu repeats it unless its time is over.
TEST_P(AzurermBackendTest, OneLostAnswerMayLeaveALeaseWithoutInfo) {
  StoreWorld<AzureBlob> world(existing<AzureBlob>(), backend);
  world.clients = 1;
  world.faults[sim::Fault::lose_response] = 1;
  bool bare = false;
  const Found found = world.explore([&](const AzureBlob::Value& end) { bare |= is_bare(end); });
  EXPECT_TRUE(bare);
  EXPECT_FALSE(found.own_lock_shown());  // a repeated Acquire is granted
}

// X2 with everything around it.
TEST_P(AzurermBackendTest, ForceUnlockOfALiveHolderLosesNoState) {
  StoreWorld<AzureBlob> world(existing<AzureBlob>(), backend);
  world.operator_unlocks_anything = true;
  const Found found = world.explore();
  EXPECT_TRUE(found.violated(Property::mutual_exclusion));
  EXPECT_FALSE(found.violated(Property::no_lost_update));
  EXPECT_FALSE(found.violated(Property::state_integrity));
  EXPECT_FALSE(found.violated(Property::own_lock_only));
  EXPECT_TRUE(found.reached(Ending::persist_failed));
}

// 3.4 Lock 2 and 2.7: two first applies, no fault at all.
TEST_P(AzurermBackendTest, FirstUse) {
  StoreWorld<AzureBlob> world(AzureBlob{}, backend);
  world.state_exists = false;
  bool leaked = false;
  const Found found = world.explore([&](const AzureBlob::Value& end) { leaked |= end.lease.is_locked(); });
  EXPECT_FALSE(found.violated(Property::mutual_exclusion));
  // The unconditional creation of the blob may come after somebody's state.
  EXPECT_TRUE(found.violated(Property::no_lost_update));
  EXPECT_EQ(found.own_lock_shown(), GetParam() == Dialect::terraform);
  EXPECT_EQ(leaked, GetParam() == Dialect::terraform);
}

INSTANTIATE_TEST_SUITE_P(Tools, AzurermBackendTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

}  // namespace
}  // namespace lockstorm
