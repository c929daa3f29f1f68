// The oci backend: the lock excludes and is released exactly; deleting a workspace asks nobody.
#include "models/backends/oci.hpp"

#include "tests/backends/store_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Ending;
using models::OciBackend;
using models::OracleObjects;

constexpr sim::ServiceRef<OracleObjects> kStore{0};
constexpr models::LockInfo kMyLock{{sim::Who::me(), 0}, models::LockOperation::apply};

OracleObjects existing() {
  OracleObjects oci;
  oci.initial_state = earlier_state();
  return oci;
}

const OciBackend kBackend({}, kStore);

TEST(OciBackend, RequestsInOrder) {
  const auto operations =
      operations_in_turn(existing(), {[&](sim::Process& self) {
                           EXPECT_EQ(kBackend.open(self).status, models::Done::ok);
                           EXPECT_EQ(kBackend.lock(self, kMyLock).status, models::LockStatus::granted);
                           const auto got = kBackend.get(self);
                           kBackend.put(self, got.snapshot, got.snapshot);
                           EXPECT_EQ(kBackend.shown_lock(self), kMyLock);
                           EXPECT_EQ(kBackend.unlock(self, kMyLock.id).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{"ListObjects",                                // StateMgr
                                          "PutObject",                                  // Lock
                                          "HeadObject",  "GetObject", "PutObject",      // Get, Put
                                          "GetObject",   "GetObject", "DeleteObject"};  // who, Unlock
  EXPECT_EQ(operations, expected);
}

TEST(OciBackend, ALargeStateIsUploadedInParts) {
  const OciBackend large({.parts = 2}, kStore);
  const auto operations =
      operations_in_turn(existing(), {[&](sim::Process& self) {
                           const auto got = large.get(self);
                           EXPECT_EQ(large.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{"HeadObject", "GetObject",  "CreateMultipartUpload",
                                          "UploadPart", "UploadPart", "CommitMultipartUpload"};
  EXPECT_EQ(operations, expected);
}

TEST(OciBackend, TheShownIdUnlocksAndNoOtherDoes) {
  models::LockResult refused;
  operations_in_turn(existing(),
                     {[&](sim::Process& self) { kBackend.lock(self, kMyLock); },
                      [&](sim::Process& self) {
                        refused = kBackend.lock(self, kMyLock);
                        EXPECT_EQ(kBackend.unlock(self, {sim::Who::me(), 7}).status, models::Done::failed);
                        EXPECT_EQ(kBackend.unlock(self, refused.info.id).status, models::Done::ok);
                        EXPECT_TRUE(kBackend.shown_lock(self).empty());
                      }});
  EXPECT_EQ(refused.status, models::LockStatus::refused);
  EXPECT_EQ(refused.info.id.owner, sim::Who::process(0));
}

TEST(OciBackend, DeletingAWorkspaceTakesALockAlong) {
  const OciBackend named({.default_workspace = false}, kStore);
  operations_in_turn(existing(), {[&](sim::Process& self) { named.lock(self, kMyLock); },
                                  [&](sim::Process& self) {
                                    EXPECT_EQ(named.remove(self).status, models::Done::ok);
                                    EXPECT_TRUE(named.shown_lock(self).empty());
                                    EXPECT_EQ(named.get(self).status, models::GetStatus::absent);
                                    EXPECT_EQ(named.remove(self).status, models::Done::ok);  // nothing left
                                    EXPECT_EQ(kBackend.remove(self).status, models::Done::failed);
                                  }});
}

TEST(OciBackend, WithoutFaultsTheLockExcludes) {
  for (const bool state_exists : {true, false}) {
    StoreWorld<OracleObjects> world(state_exists ? existing() : OracleObjects{}, kBackend);
    world.state_exists = state_exists;
    const Found found = world.explore([](const OracleObjects::Value& end) {
      EXPECT_TRUE(end.lock.empty());
      EXPECT_TRUE(end.state.exists());
    });
    EXPECT_EQ(found.explored.violated, 0);
    EXPECT_TRUE(found.reached(Ending::applied));
  }
}

// X4 without any retry: the answer is lost, and the look at the holder finds oneself.
TEST(OciBackend, OwnLockTrap) {
  StoreWorld<OracleObjects> world(existing(), kBackend);
  world.clients = 1;
  world.faults[sim::Fault::lose_response] = 1;
  bool left = false;
  const Found found = world.explore([&](const OracleObjects::Value& end) { left |= !end.lock.empty(); });
  EXPECT_TRUE(found.own_lock_shown());
  EXPECT_TRUE(left);
}

// X1, and the same with a fence.
TEST(OciBackend, OnlyAFencedPutStopsAZombie) {
  for (const bool fenced : {false, true}) {
    const OciBackend fix({.fenced_put = fenced}, kStore);
    StoreWorld<OracleObjects> world(existing(), fix);
    world.operator_unlocks_anything = true;
    const Found found = world.explore();
    EXPECT_TRUE(found.violated(Property::mutual_exclusion));
    EXPECT_EQ(found.violated(Property::no_lost_update), !fenced);
    EXPECT_EQ(found.violated(Property::state_integrity), !fenced);
    EXPECT_FALSE(found.violated(Property::own_lock_only));
    EXPECT_EQ(found.reached(Ending::persist_failed), fenced);
  }
}

}  // namespace
}  // namespace lockstorm
