// Terraform's state stores: what their protocol can say, and what it cannot (backend-protocols.md 3.15).
#include "models/backends/state_store.hpp"

#include "tests/backends/store_world.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::ProviderStore;
using models::StateStoreBackend;
using models::StateStoreOptions;

TEST(StateStoreBackend, LocksReadsWritesAndUnlocksInOneRequestEach) {
  const StateStoreBackend backend({}, kStore<ProviderStore>);
  const auto operations = operations_in_turn(
      existing<ProviderStore>(), {[&](sim::Process& self) {
        EXPECT_EQ(backend.open(self).status, models::Done::ok);
        EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
        EXPECT_EQ(backend.get(self).status, models::GetStatus::found);
        EXPECT_EQ(backend.put(self, earlier_state(), earlier_state()).status, models::Done::ok);
        EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
      }});
  EXPECT_EQ(operations,
            (std::vector<std::string>{"create lock", "read state", "write state", "delete lock"}));
}

// A diagnostic is no LockError: nobody waits, and no holder is shown to the command.
TEST(StateStoreBackend, ARefusalHasNoInfo) {
  const StateStoreBackend backend({}, kStore<ProviderStore>);
  operations_in_turn(existing<ProviderStore>(), {[&](sim::Process& self) { backend.lock(self, kMyLock); },
                                                 [&](sim::Process& self) {
                                                   EXPECT_EQ(backend.lock(self, kMyLock).status,
                                                             models::LockStatus::refused_without_info);
                                                   EXPECT_FALSE(backend.shown_lock(self).empty());
                                                   EXPECT_EQ(backend.unlock(self, kMyLock.id).status,
                                                             models::Done::failed);
                                                 }});
}

TEST(StateStoreBackend, AProviderThatTakesNoLockExcludesNobody) {
  const StateStoreBackend backend(StateStoreOptions{.locks = false}, kStore<ProviderStore>);
  const Found found = StoreWorld<ProviderStore>(existing<ProviderStore>(), backend).explore();
  EXPECT_TRUE(found.violated(Property::mutual_exclusion));
  EXPECT_TRUE(found.violated(Property::no_lost_update));
}

TEST(StateStoreBackend, ExcludesAsLongAsNothingIsLate) {
  const StateStoreBackend backend({}, kStore<ProviderStore>);
  StoreWorld<ProviderStore> world(existing<ProviderStore>(), backend);
  EXPECT_FALSE(world.explore().violated(Property::mutual_exclusion));
  world.faults[sim::Fault::late_request] = 1;
  EXPECT_TRUE(world.explore().violated(Property::no_lost_update));
  // The protocol cannot ask for it; a provider that remembers what it has read is safe.
  const StateStoreBackend fenced(StateStoreOptions{.fenced_put = true}, kStore<ProviderStore>);
  StoreWorld<ProviderStore> remembered(existing<ProviderStore>(), fenced);
  remembered.faults[sim::Fault::late_request] = 1;
  EXPECT_FALSE(remembered.explore().violated(Property::no_lost_update));
}

TEST(StateStoreBackend, LooksBeforeItLocksAndSoExcludesNobody) {
  const StateStoreBackend backend(StateStoreOptions{.atomic_lock = false}, kStore<ProviderStore>);
  EXPECT_TRUE(StoreWorld<ProviderStore>(existing<ProviderStore>(), backend)
                  .explore()
                  .violated(Property::mutual_exclusion));
}

// The identical request after an answer that is lost finds what the first has created.
TEST(StateStoreBackend, MeetsItsOwnLockWhenItRepeats) {
  const auto refused_by_itself = [](bool knows_own_lock) {
    const StateStoreBackend backend(StateStoreOptions{.attempts = 2, .knows_own_lock = knows_own_lock},
                                    kStore<ProviderStore>);
    StoreWorld<ProviderStore> world(existing<ProviderStore>(), backend);
    world.clients = 1;
    world.faults[sim::Fault::lose_response] = 1;
    return world.explore().reached(models::Ending::lock_wait_aborted);
  };
  EXPECT_TRUE(refused_by_itself(false));
  EXPECT_FALSE(refused_by_itself(true));
}

TEST(StateStoreBackend, RefusesALateStateWhoseLockIsGone) {
  const StateStoreBackend backend(StateStoreOptions{.needs_lock = true}, kStore<ProviderStore>);
  StoreWorld<ProviderStore> world(existing<ProviderStore>(), backend);
  world.faults[sim::Fault::late_request] = 1;
  const Found found = world.explore();
  EXPECT_FALSE(found.violated(Property::no_lost_update));
  EXPECT_TRUE(found.reached(models::Ending::applied));
}

}  // namespace
}  // namespace lockstorm
