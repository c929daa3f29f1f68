// The inmem backend: every process has a lock and a state of its own.
#include "models/backends/inmem.hpp"

#include "tests/backends/store_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::InmemBackend;
using models::ProcessMemory;

TEST(InmemBackend, LocksWithinOneProcess) {
  const InmemBackend backend({}, kStore<ProcessMemory>);
  const auto job = [&](sim::Process& self) {
    EXPECT_EQ(backend.open(self).status, models::Done::ok);
    EXPECT_EQ(backend.get(self).status, models::GetStatus::absent);
    EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
    const auto again = backend.lock(self, {{sim::Who::me(), 1}, models::LockOperation::apply});
    EXPECT_EQ(again.status, models::LockStatus::refused);
    EXPECT_EQ(again.info, kMyLock);
    EXPECT_EQ(backend.unlock(self, {sim::Who::me(), 1}).status, models::Done::failed);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::failed);
  };
  operations_in_turn(ProcessMemory{}, {job, job});
}

TEST(InmemBackend, ANamedWorkspaceIsCreated) {
  const InmemBackend backend({.default_workspace = false}, kStore<ProcessMemory>);
  operations_in_turn(ProcessMemory{}, {[&](sim::Process& self) {
                       EXPECT_EQ(backend.open(self).status, models::Done::ok);
                       EXPECT_EQ(backend.get(self).status, models::GetStatus::found);
                       EXPECT_TRUE(backend.shown_lock(self).empty());
                     }});
}

TEST(InmemBackend, LockIdLocksEveryProcess) {
  const InmemBackend backend({.lock_id = true}, kStore<ProcessMemory>);
  operations_in_turn(ProcessMemory{}, {[&](sim::Process& self) {
                       EXPECT_EQ(backend.open(self).status, models::Done::ok);
                       EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::refused);
                       EXPECT_EQ(backend.unlock(self, backend.shown_lock(self).id).status, models::Done::ok);
                       EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
                     }});
}

TEST(InmemBackend, ProcessesExcludeNobodyAndLeaveNothing) {
  const InmemBackend backend({}, kStore<ProcessMemory>);
  StoreWorld<ProcessMemory> world(ProcessMemory{}, backend);
  world.state_exists = false;
  const Found found = world.explore([](const ProcessMemory::Value& end) {
    for (const auto& entry : end.entries) EXPECT_FALSE(entry.state.exists());
  });
  EXPECT_TRUE(found.violated(Property::mutual_exclusion));
  EXPECT_TRUE(found.violated(Property::no_lost_update));
  EXPECT_TRUE(found.violated(Property::no_drift));
  EXPECT_FALSE(found.violated(Property::exclusive_effects));
}

}  // namespace
}  // namespace lockstorm
