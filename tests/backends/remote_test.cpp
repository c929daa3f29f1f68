// The remote backend in local execution mode: requests in order, the lock that stays after a failed upload,
// and where the tools differ (backend-protocols.md 3.13).
#include "models/backends/remote.hpp"

#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Dialect;
using models::Ending;
using models::RemoteBackend;
using models::TfeWorkspace;

class RemoteBackendTest : public testing::TestWithParam<Dialect> {
 protected:
  RemoteBackend backend{{.dialect = GetParam()}, kStore<TfeWorkspace>};
  StoreWorld<TfeWorkspace> world{existing<TfeWorkspace>(), backend};
};

TEST_P(RemoteBackendTest, RequestsInOrder) {
  const auto operations =
      operations_in_turn(existing<TfeWorkspace>(), {[&](sim::Process& self) {
                           EXPECT_EQ(backend.open(self).status, models::Done::ok);
                           EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
                           auto got = backend.get(self);
                           ++got.snapshot.serial;
                           EXPECT_EQ(backend.put(self, got.snapshot, {}).status, models::Done::ok);
                           EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
                         }});
  const std::vector<std::string> expected{
      "read workspace",       "lock",  "read current state version", "download state version",
      "create state version", "unlock"};
  EXPECT_EQ(operations, expected);
}

TEST_P(RemoteBackendTest, AFailedUploadKeepsTheLockAndSaysNothing) {
  operations_in_turn(existing<TfeWorkspace>(), {[&](sim::Process& self) {
                       backend.open(self);
                       backend.lock(self, kMyLock);
                       EXPECT_EQ(backend.put(self, earlier_state(), {}).status, models::Done::failed);
                       EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
                       EXPECT_EQ(backend.shown_lock(self).id, kMyLock.id);
                     }});
}

TEST_P(RemoteBackendTest, ALostAnswerMakesAJobMeetItsOwnLock) {
  world.faults = one(sim::Fault::lose_response);
  const Found found = world.explore();
  EXPECT_TRUE(found.own_lock_shown());
  EXPECT_TRUE(found.reached(Ending::persist_failed));
  EXPECT_FALSE(found.violated(Property::no_lost_update));
  EXPECT_FALSE(found.violated(Property::own_lock_only));
}

// Only Terraform waits until the state version has been processed.
TEST_P(RemoteBackendTest, AnUnlockThatComesTooEarly) {
  bool stays_locked = false;
  const Found found =
      world.explore([&](const TfeWorkspace::Value& value) { stays_locked |= !value.lock.empty(); });
  EXPECT_EQ(stays_locked, GetParam() == Dialect::opentofu);
  EXPECT_FALSE(found.violated(Property::mutual_exclusion));
  EXPECT_FALSE(found.violated(Property::exclusive_effects));
}

INSTANTIATE_TEST_SUITE_P(Tools, RemoteBackendTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& test) {
                           return test.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

}  // namespace
}  // namespace lockstorm
