// The consul backend: the id is the session's, the lock excludes while its session lives, writes are
// check-and-set, and what happens when the lock is lost (backend-protocols.md 3.5).
#include "models/backends/consul.hpp"

#include <set>

#include "tests/backends/store_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Consul;
using models::ConsulBackend;
using models::Ending;

constexpr sim::ServiceRef<Consul> kStore{0};
constexpr models::LockInfo kMyLock{{sim::Who::me(), 0}, models::LockOperation::apply};

Consul existing() {
  Consul consul;
  consul.initial_state = earlier_state();
  return consul;
}

models::StateSnapshot next_of(models::StateSnapshot state) {
  ++state.serial;
  return state;
}

StoreWorld<Consul> world_of(const ConsulBackend& backend) { return {existing(), backend}; }

TEST(ConsulBackend, RequestsInOrder) {
  const ConsulBackend backend{{.monitor = false}, kStore};
  const auto operations = operations_in_turn(
      existing(), {[&](sim::Process& self) {
        EXPECT_EQ(backend.open(self).status, models::Done::ok);
        EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
        const auto got = backend.get(self);
        EXPECT_EQ(backend.put(self, next_of(got.snapshot), got.snapshot).status, models::Done::ok);
        EXPECT_EQ(backend.shown_lock(self).id, kMyLock.id);
        EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
      }});
  const std::vector<std::string> expected{"session create",   "get .lock",     "acquire",
                                          "put .lockinfo",                                     // Lock
                                          "get state",        "get state",     "write state",  // Get, Put
                                          "get .lock",        "get .lockinfo",                 // who holds it
                                          "delete .lockinfo", "release"};                      // Unlock
  EXPECT_EQ(operations, expected);
}

TEST(ConsulBackend, ALargeStateGoesIntoChunksAndTheOldOnesGo) {
  Consul consul = existing();
  consul.large_states = true;
  const ConsulBackend backend{{.monitor = false}, kStore};
  const auto operations = operations_in_turn(
      consul, {[&](sim::Process& self) {
        const auto got = backend.get(self);
        EXPECT_EQ(backend.put(self, next_of(got.snapshot), got.snapshot).status, models::Done::ok);
        EXPECT_EQ(backend.get(self).snapshot.serial, 2);
      }});
  const std::vector<std::string> expected{"get state",   "get chunk",     "get chunk",  // Get
                                          "get state",   "write state",   "put chunk",
                                          "put chunk",                     // too large
                                          "write state", "delete chunks",  // the pointer
                                          "get state",   "get chunk",     "get chunk"};
  EXPECT_EQ(operations, expected);
}

// The pointer, the old and the new chunks have the hash of one text: cleaning up removes what was written.
TEST(ConsulBackend, StoringALargeStateAgainDeletesIt) {
  Consul consul = existing();
  consul.large_states = true;
  const ConsulBackend backend{{.monitor = false}, kStore};
  operations_in_turn(consul, {[&](sim::Process& self) {
                       const auto got = backend.get(self);
                       EXPECT_EQ(backend.put(self, got.snapshot, got.snapshot).status, models::Done::ok);
                       EXPECT_EQ(backend.get(self).status, models::GetStatus::failed);
                     }});
}

TEST(ConsulBackend, AnUnseenStateIsSetUnlessFenced) {
  for (const bool fenced : {false, true}) {
    const ConsulBackend backend{{.monitor = false, .fenced_create = fenced}, kStore};
    operations_in_turn(existing(), {[&](sim::Process& self) {
                         const models::Done done = backend.put(self, next_of(earlier_state()), {}).status;
                         EXPECT_EQ(done, fenced ? models::Done::failed : models::Done::ok);
                       }});
  }
}

// force-unlock deletes the lock key whatever id it is given, and reports success.
TEST(ConsulBackend, AnyIdForceUnlocks) {
  const ConsulBackend backend{{.monitor = false}, kStore};
  const auto holder = [&](sim::Process& self) { backend.lock(self, kMyLock); };
  const auto person = [&](sim::Process& self) {
    EXPECT_FALSE(backend.shown_lock(self).empty());
    EXPECT_EQ(backend.unlock(self, {sim::Who::me(), 5}).status, models::Done::ok);
    EXPECT_TRUE(backend.shown_lock(self).empty());
  };
  // The holder never ends here, so that its session lives.
  const auto waiting_holder = [&](sim::Process& self) {
    holder(self);
    self.wait_for_interrupt();
  };
  operations_in_turn(existing(), {waiting_holder, person});
}

TEST(ConsulBackend, ExcludesWhileNothingFails) {
  const ConsulBackend backend{{.monitor = true}, kStore};
  const Found found = world_of(backend).explore();
  EXPECT_FALSE(found.violated(Property::mutual_exclusion));
  EXPECT_FALSE(found.violated(Property::exclusive_effects));
  EXPECT_FALSE(found.violated(Property::no_lost_update));
  EXPECT_FALSE(found.violated(Property::own_lock_only));
  EXPECT_TRUE(found.reached(Ending::lock_refused));
  EXPECT_FALSE(found.reached(Ending::persist_failed));
}

// Without anything that could take a lock away the monitor changes nothing that anybody can see.
TEST(ConsulBackend, AMonitorThatFindsNothingChangesNothing) {
  std::vector<sim::Violations> violated;
  std::vector<std::set<Ending>> endings;
  for (const bool monitor : {false, true}) {
    const ConsulBackend backend{{.monitor = monitor}, kStore};
    auto world = world_of(backend);
    world.faults = one(sim::Fault::crash);
    world.faults[sim::Fault::lose_response] = 1;
    const Found found = world.explore();
    violated.push_back(found.explored.violated);
    endings.emplace_back();
    for (const auto& outcome : found.outcomes) endings.back().insert(outcome.ending);
  }
  EXPECT_EQ(violated[0], violated[1]);
  EXPECT_EQ(endings[0], endings[1]);
}

// X3: the first to write wins, and no update is lost.
TEST(ConsulBackend, AFrozenHolderLosesTheLockAndMakesTheNextOneFail) {
  const ConsulBackend backend{{.monitor = true}, kStore};
  auto world = world_of(backend);
  world.faults = one(sim::Fault::pause);
  const Found found = world.explore();
  EXPECT_TRUE(found.violated(Property::mutual_exclusion));
  EXPECT_FALSE(found.violated(Property::no_lost_update));
  EXPECT_TRUE(found.reached(Ending::persist_failed));
  EXPECT_TRUE(std::ranges::any_of(found.outcomes, [](const auto& outcome) {
    return outcome.ending == Ending::applied &&
           outcome.unlock_failed != 0;  // "consul lock was lost" (RB-106)
  }));
}

// Lock 7 calls a monitorCancel that is nil: the process is gone without an outcome.
TEST(ConsulBackend, ALostAnswerToTheLockInfoEndsTheProcess) {
  const ConsulBackend backend{{.monitor = false}, kStore};
  auto world = world_of(backend);
  world.clients = 1;
  world.faults = one(sim::Fault::lose_response);
  bool held_by_the_dead = false;
  const Found found = world.explore(
      [&](const Consul::Value& value) { held_by_the_dead |= !value.holder.empty() && !value.info.empty(); });
  EXPECT_TRUE(held_by_the_dead);
  EXPECT_FALSE(found.violated(Property::own_lock_only));
}

TEST(ConsulBackend, ADeadHoldersLockComesFree) {
  const ConsulBackend backend{{.monitor = false}, kStore};
  auto world = world_of(backend);
  world.faults = one(sim::Fault::crash);
  world.apply.lock_timeout = std::chrono::minutes{5};
  bool both_wrote = false;
  world.explore([&](const Consul::Value& value) { both_wrote |= value.state.serial == 3; });
  EXPECT_TRUE(both_wrote);
}

}  // namespace
}  // namespace lockstorm
