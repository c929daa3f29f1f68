// The oci backend: the lock excludes and is released exactly; deleting a workspace asks nobody.
#include "models/backends/oci.hpp"

#include "tests/backends/store_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Ending;
using models::OciBackend;
using models::OracleObjects;

const OciBackend kOciBackend({}, kStore<OracleObjects>);

TEST(OciBackend, RequestsInOrder) {
  const auto operations =
      operations_in_turn(existing<OracleObjects>(), {[&](sim::Process& self) {
                           EXPECT_EQ(kOciBackend.open(self).status, models::Done::ok);
                           EXPECT_EQ(kOciBackend.lock(self, kMyLock).status, models::LockStatus::granted);
                           const auto got = kOciBackend.get(self);
                           kOciBackend.put(self, got.snapshot, got.snapshot);
                           EXPECT_EQ(kOciBackend.shown_lock(self), kMyLock);
                           EXPECT_EQ(kOciBackend.unlock(self, kMyLock.id).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{"ListObjects",                                // StateMgr
                                          "PutObject",                                  // Lock
                                          "HeadObject",  "GetObject", "PutObject",      // Get, Put
                                          "GetObject",   "GetObject", "DeleteObject"};  // who, Unlock
  EXPECT_EQ(operations, expected);
}

TEST(OciBackend, ALargeStateIsUploadedInParts) {
  const OciBackend large({.parts = 2}, kStore<OracleObjects>);
  const auto operations =
      operations_in_turn(existing<OracleObjects>(), {[&](sim::Process& self) {
                           const auto got = large.get(self);
                           EXPECT_EQ(large.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{"HeadObject", "GetObject",  "CreateMultipartUpload",
                                          "UploadPart", "UploadPart", "CommitMultipartUpload"};
  EXPECT_EQ(operations, expected);
}

TEST(OciBackend, TheShownIdUnlocksAndNoOtherDoes) {
  models::LockResult refused;
  operations_in_turn(existing<OracleObjects>(),
                     {[&](sim::Process& self) { kOciBackend.lock(self, kMyLock); },
                      [&](sim::Process& self) {
                        refused = kOciBackend.lock(self, kMyLock);
                        EXPECT_EQ(kOciBackend.unlock(self, {sim::Who::me(), 7}).status, models::Done::failed);
                        EXPECT_EQ(kOciBackend.unlock(self, refused.info.id).status, models::Done::ok);
                        EXPECT_TRUE(kOciBackend.shown_lock(self).empty());
                      }});
  EXPECT_EQ(refused.status, models::LockStatus::refused);
  EXPECT_EQ(refused.info.id.owner, sim::Who::process(0));
}

TEST(OciBackend, DeletingAWorkspaceTakesALockAlong) {
  const OciBackend named({.default_workspace = false}, kStore<OracleObjects>);
  operations_in_turn(existing<OracleObjects>(),
                     {[&](sim::Process& self) { named.lock(self, kMyLock); },
                      [&](sim::Process& self) {
                        EXPECT_EQ(named.remove(self).status, models::Done::ok);
                        EXPECT_TRUE(named.shown_lock(self).empty());
                        EXPECT_EQ(named.get(self).status, models::GetStatus::absent);
                        EXPECT_EQ(named.remove(self).status, models::Done::ok);  // nothing left
                        EXPECT_EQ(kOciBackend.remove(self).status, models::Done::failed);
                      }});
}

TEST(OciBackend, WithoutFaultsTheLockExcludes) {
  for (const bool state_exists : {true, false}) {
    StoreWorld<OracleObjects> world(state_exists ? existing<OracleObjects>() : OracleObjects{}, kOciBackend);
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
  StoreWorld<OracleObjects> world(existing<OracleObjects>(), kOciBackend);
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
    const OciBackend fix({.fenced_put = fenced}, kStore<OracleObjects>);
    StoreWorld<OracleObjects> world(existing<OracleObjects>(), fix);
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
