// The gcs backend: the id is the generation, the lock excludes, and only a fenced Put survives a zombie.
#include "models/backends/gcs.hpp"

#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Dialect;
using models::Ending;
using models::Gcs;
using models::GcsBackend;

class GcsBackendTest : public testing::TestWithParam<Dialect> {
 protected:
  GcsBackend backend{{.dialect = GetParam()}, kStore<Gcs>};
};

TEST_P(GcsBackendTest, RequestsInOrder) {
  models::LockResult locked;
  models::LockInfo shown;
  const auto operations =
      operations_in_turn(existing<Gcs>(), {[&](sim::Process& self) {
                           EXPECT_EQ(backend.open(self).status, models::Done::ok);
                           locked = backend.lock(self, kMyLock);
                           const auto got = backend.get(self);
                           backend.put(self, got.snapshot, got.snapshot);
                           shown = backend.shown_lock(self);
                           EXPECT_EQ(backend.unlock(self, locked.info.id).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{
      "objects.get",    "objects.get",                     // StateMgr
      "objects.insert",                                    // Lock
      "objects.get",    "objects.get", "objects.insert",   // Get, Put
      "objects.get",    "objects.get", "objects.delete"};  // who holds it, Unlock
  EXPECT_EQ(operations, expected);
  EXPECT_EQ(shown.id, locked.info.id);
}

TEST_P(GcsBackendTest, TheShownIdUnlocksAndNoOtherDoes) {
  models::LockInfo shown;
  const auto holder = [&](sim::Process& self) { backend.lock(self, kMyLock); };
  const auto person = [&](sim::Process& self) {
    shown = backend.shown_lock(self);
    const models::LockId other{shown.id.owner, static_cast<std::uint16_t>(shown.id.number + 1)};
    EXPECT_EQ(backend.unlock(self, other).status, models::Done::failed);
    EXPECT_EQ(backend.unlock(self, shown.id).status, models::Done::ok);
    EXPECT_EQ(backend.unlock(self, shown.id).status, models::Done::failed);
    EXPECT_TRUE(backend.shown_lock(self).empty());
  };
  operations_in_turn(existing<Gcs>(), {holder, person});
  EXPECT_EQ(shown.id.owner, sim::Who::process(0));
}

// hashicorp/terraform#17592: the id that was shown is no number.
TEST_P(GcsBackendTest, AUuidCannotBeUnlocked) {
  const GcsBackend old({.dialect = GetParam(), .shows_uuid = true}, kStore<Gcs>);
  const auto holder = [&](sim::Process& self) { old.lock(self, kMyLock); };
  const auto person = [&](sim::Process& self) {
    EXPECT_EQ(old.unlock(self, old.shown_lock(self).id).status, models::Done::failed);
    EXPECT_FALSE(old.shown_lock(self).empty());
  };
  EXPECT_EQ(operations_in_turn(existing<Gcs>(), {holder, person}).back(), "objects.get");
}

TEST_P(GcsBackendTest, WithoutFaultsTheLockExcludes) {
  for (const bool state_exists : {true, false}) {
    StoreWorld<Gcs> world(state_exists ? existing<Gcs>() : Gcs{}, backend);
    world.state_exists = state_exists;
    const Found found = world.explore([](const Gcs::Value& end) {
      EXPECT_EQ(end.generation, 0);
      EXPECT_TRUE(end.state.exists());
    });
    EXPECT_EQ(found.explored.violated, 0);
    EXPECT_TRUE(found.reached(Ending::applied));
  }
}

// 2.2.5: the holder lets go between the refusal and the look at who it is.
TEST_P(GcsBackendTest, OnlyTerraformGivesUpOnALockThatIsGone) {
  StoreWorld<Gcs> world(existing<Gcs>(), backend);
  world.apply.lock_timeout = std::chrono::minutes(5);
  EXPECT_EQ(world.explore().reached(Ending::lock_wait_aborted), GetParam() == Dialect::terraform);
}

// X4: the library repeats the insert and meets its own lock.
TEST_P(GcsBackendTest, OwnLockTrap) {
  StoreWorld<Gcs> world(existing<Gcs>(), backend);
  world.clients = 1;
  world.faults[sim::Fault::lose_response] = 1;
  bool left = false;
  const Found found = world.explore([&](const Gcs::Value& end) { left |= end.generation != 0; });
  EXPECT_TRUE(found.own_lock_shown());
  EXPECT_TRUE(left);
  EXPECT_TRUE(found.reached(Ending::persist_failed));  // the upload, which is not repeated
}

// X1, and the same with a fence.
TEST_P(GcsBackendTest, OnlyAFencedPutStopsAZombie) {
  for (const bool fenced : {false, true}) {
    const GcsBackend fix({.dialect = GetParam(), .fenced_put = fenced}, kStore<Gcs>);
    StoreWorld<Gcs> world(existing<Gcs>(), fix);
    world.operator_unlocks_anything = true;
    const Found found = world.explore();
    EXPECT_TRUE(found.violated(Property::mutual_exclusion));
    EXPECT_EQ(found.violated(Property::no_lost_update), !fenced);
    EXPECT_EQ(found.violated(Property::state_integrity), !fenced);
    EXPECT_FALSE(found.violated(Property::own_lock_only));
    EXPECT_EQ(found.reached(Ending::persist_failed), fenced);
  }
}

INSTANTIATE_TEST_SUITE_P(Tools, GcsBackendTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

}  // namespace
}  // namespace lockstorm
