// The http backend against servers of several policies, in small worlds.
#include "models/backends/http.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/backends/small_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using checkers::Property;
using models::Dialect;
using models::Ending;
using models::HttpBackend;
using models::HttpBackendOptions;
using models::HttpState;
using Policy = models::HttpServerPolicy;
using sim::Fault;

constexpr sim::ServiceRef<HttpState> kServer{0};

SmallWorld http_world(const Policy& policy, const HttpBackendOptions& options) {
  HttpState server;
  server.policy = policy;
  server.lock_here = options.lock_address;
  server.initial_state = earlier_state();
  SmallWorld world;
  world.server = sim::make_service(server);
  world.backend = std::make_shared<const HttpBackend>(options, kServer);
  world.initial = earlier_state();
  return world;
}

// A store that knows nothing of ids but keeps a lock.
constexpr Policy blob_store() { return {.write = Policy::Write::anybody, .unlock = Policy::Unlock::anybody}; }

bool lock_left(const sim::ValuePool& values, const sim::EndState& end) {
  return !values.get<HttpState::Value>(end.services[0]).lock.empty();
}

/// Whether some run ends in a way that `what` recognises in one of the clients.
bool some_client(const SmallWorld& world, const std::function<bool(const models::Outcome&)>& what) {
  bool found = false;
  explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
    found |= std::ranges::any_of(client_outcomes(values, end), what);
  });
  return found;
}

class HttpDialects : public testing::TestWithParam<Dialect> {
 protected:
  HttpBackendOptions options{.dialect = GetParam()};
  [[nodiscard]] bool terraform() const { return GetParam() == Dialect::terraform; }
};
INSTANTIATE_TEST_SUITE_P(Both, HttpDialects, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "Terraform" : "OpenTofu";
                         });

TEST_P(HttpDialects, NothingFailsWithoutFaults) {
  for (const Policy& policy : {Policy{}, blob_store()}) {
    bool applied = false;
    const auto result =
        explore(http_world(policy, options), [&](const sim::ValuePool& values, const sim::EndState& end) {
          EXPECT_FALSE(lock_left(values, end));
          for (const auto& outcome : client_outcomes(values, end))
            applied |= outcome.ending == Ending::applied;
        });
    EXPECT_EQ(result.violated, 0);
    EXPECT_TRUE(applied);
  }
}

TEST_P(HttpDialects, WithoutLockAddressNothingIsExcluded) {
  options.lock_address = false;
  const auto result = explore(http_world(blob_store(), options));
  EXPECT_TRUE(violates(result, Property::mutual_exclusion));
  EXPECT_TRUE(violates(result, Property::no_lost_update));
  EXPECT_FALSE(violates(result, Property::exclusive_effects));
}

TEST_P(HttpDialects, WithoutUnlockAddressEveryLockLeaks) {
  options.unlock_address = false;
  explore(http_world({}, options), [](const sim::ValuePool& values, const sim::EndState& end) {
    EXPECT_TRUE(lock_left(values, end));
  });
}

// X1 on a store that ignores the id, X2 on one that compares it.
TEST_P(HttpDialects, TheServerDecidesWhetherAZombieOverwrites) {
  const auto zombie_on = [&](const Policy& policy) {
    SmallWorld world = http_world(policy, options);
    world.faults = one(Fault::pause);
    world.force_unlock = models::UnlockTarget::unresponsive;
    return explore(world);
  };
  EXPECT_TRUE(violates(zombie_on(blob_store()), Property::no_lost_update));
  const auto gitlab = zombie_on({});
  EXPECT_TRUE(violates(gitlab, Property::mutual_exclusion));
  EXPECT_FALSE(violates(gitlab, Property::no_lost_update));
  EXPECT_FALSE(violates(gitlab, Property::state_integrity));
}

// X4: LOCK is repeated like any request.
TEST_P(HttpDialects, TheRetriedLockMeetsItself) {
  const auto meets_itself = [](const models::Outcome& outcome) { return outcome.own_lock_shown != 0; };
  SmallWorld world = http_world({}, options);
  world.faults = one(Fault::lose_response);
  EXPECT_TRUE(some_client(world, meets_itself));
  world = http_world({.same_id_locks_again = true}, options);
  world.faults = one(Fault::lose_response);
  EXPECT_FALSE(some_client(world, meets_itself));
}

// Terraform's force-unlock names no lock: it removes whichever is there by then.
TEST_P(HttpDialects, OnlyTerraformsForceUnlockFreesTheNextHolder) {
  SmallWorld world = http_world({}, options);
  world.force_unlock = models::UnlockTarget::any;
  EXPECT_EQ(violates(explore(world), Property::own_lock_only), terraform());
}

TEST_P(HttpDialects, AServerThatWantsAnIdCannotBeForceUnlockedByTerraform) {
  Policy policy;
  policy.unlock = Policy::Unlock::id;
  HttpState server;
  server.policy = policy;
  const HttpBackend backend(options, kServer);
  models::Done forced{};
  run_in_turn(
      sim::make_service(server),
      {[&](sim::Process& self) { backend.lock(self, {{sim::Who::me(), 0}, models::LockOperation::apply}); },
       [&](sim::Process& self) {
         const models::LockInfo shown = backend.shown_lock(self);
         backend.open(self);
         forced = backend.unlock(self, shown.id).status;
       }});
  EXPECT_EQ(forced, terraform() ? models::Done::failed : models::Done::ok);
}

// RB-79, RB-80: what the wait makes of a refusal that says nothing.
TEST_P(HttpDialects, AnUnreadableRefusalEndsTerraformsWaitOnly) {
  SmallWorld world = http_world({.refused_body = Policy::RefusedBody::none}, options);
  world.apply.lock_timeout = std::chrono::minutes(5);
  EXPECT_EQ(
      some_client(world, [](const auto& outcome) { return outcome.ending == Ending::lock_wait_aborted; }),
      terraform());
  EXPECT_EQ(some_client(world, [](const auto& outcome) { return outcome.own_lock_shown != 0; }),
            !terraform());
  // Without an id the wait ends in both.
  world = http_world({.refused_body = Policy::RefusedBody::without_id}, options);
  world.apply.lock_timeout = std::chrono::minutes(5);
  EXPECT_TRUE(
      some_client(world, [](const auto& outcome) { return outcome.ending == Ending::lock_wait_aborted; }));
}

TEST_P(HttpDialects, LocksThatAgeExcludeNobodyForLong) {
  EXPECT_TRUE(
      violates(explore(http_world({.expiry = Policy::Expiry::age}, options)), Property::mutual_exclusion));
}

// RB-10: the lock of a frozen job expires; whether its late write is taken is another policy.
TEST_P(HttpDialects, LocksOfTheSilentExpire) {
  Policy policy;
  policy.expiry = Policy::Expiry::silence;
  EXPECT_EQ(explore(http_world(policy, options)).violated, 0);
  const auto paused = [&] {
    SmallWorld world = http_world(policy, options);
    world.faults = one(Fault::pause);
    return explore(world);
  };
  EXPECT_TRUE(violates(paused(), Property::mutual_exclusion));
  EXPECT_FALSE(violates(paused(), Property::no_lost_update));
  policy.write = Policy::Write::if_unlocked;
  EXPECT_TRUE(violates(paused(), Property::no_lost_update));
}

// RB-08: the real acquisition is an error to the client, the second one is taken for a lock.
TEST_P(HttpDialects, APlainPutIsNoLock) {
  Policy policy = blob_store();
  policy.lock = Policy::Lock::overwrites;
  policy.unlock_is_204 = true;
  SmallWorld world = http_world(policy, options);
  world.clients = 3;
  const auto result = explore(world);
  EXPECT_TRUE(violates(result, Property::mutual_exclusion));
  EXPECT_TRUE(violates(result, Property::own_lock_only));
  // 204 is no success to a client that unlocks, though the lock is gone.
  EXPECT_TRUE(some_client(world, [](const auto& outcome) {
    return outcome.ending == Ending::applied && outcome.unlock_failed != 0;
  }));
}

}  // namespace
}  // namespace lockstorm
