// The lease of the corrected lock table (backend-protocols.md 5.4.4): it runs out when nothing confirms it,
// and only then.
#include <gtest/gtest.h>

#include "models/terraform/outcome.hpp"
#include "scenarios/backends/lock_table.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Ending;
using sim::Fault;

Scenario jobs(std::uint16_t count, std::uint8_t lease_ticks, std::uint8_t ticks) {
  Scenario scenario;
  LockTableConfig backend;
  backend.protocol = LockTableProtocol::corrected;
  backend.lease_ticks = lease_ticks;
  scenario.backend = backend;
  scenario.client.count = count;
  scenario.time = {ticks, true};
  return scenario;
}

// Whether a job that had the lock ends without having written its state.
bool some_apply_fails(const Scenario& scenario) {
  const std::unique_ptr<World> world = build_world(scenario);
  bool fails = false;
  bool applies = false;
  const sim::EndCheck look = [&](sim::ValuePool& values, const sim::EndState& end) -> sim::Violations {
    for (const sim::EndState::Process& process : end.processes) {
      if (process.outcome == 0) continue;
      const auto ending = values.get<models::Outcome>(process.outcome).ending;
      fails |= ending == Ending::persist_failed;
      applies |= ending == Ending::applied;
    }
    return 0;
  };
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::Explorer<4> explorer(tables, world->monitors, look, {});
  const sim::ExploreResult result = explorer.run();
  EXPECT_TRUE(result.complete) << result.why_incomplete;
  EXPECT_TRUE(applies);
  return fails;
}

TEST(LockTableLease, IsKeptForAsLongAsAnApplyTakes) {
  EXPECT_FALSE(some_apply_fails(jobs(1, 2, 6)));
  EXPECT_FALSE(some_apply_fails(jobs(2, 2, 5)));
}

TEST(LockTableLease, IsKeptInEveryRun) {
  Scenario scenario = jobs(2, 2, 4);
  scenario.client.runs = 2;
  EXPECT_FALSE(some_apply_fails(scenario));
}

// Beats start at every tick: of three ticks the last but one can still confirm, of two it cannot.
TEST(LockTableLease, HasRoomForALostBeatIfItIsLongEnough) {
  Scenario scenario = jobs(1, 2, 6);
  scenario.faults[Fault::lose_request] = 1;
  EXPECT_TRUE(some_apply_fails(scenario));
  scenario = jobs(1, 3, 7);
  scenario.faults[Fault::lose_request] = 1;
  EXPECT_FALSE(some_apply_fails(scenario));
  scenario.faults[Fault::lose_request] = 2;
  EXPECT_TRUE(some_apply_fails(scenario));
}

// Timers keep its time, which no step of the clock disturbs.
TEST(LockTableLease, DoesNotDependOnTheHostsClock) {
  Scenario scenario = jobs(2, 2, 5);
  scenario.faults[Fault::clock_skew] = 1;
  EXPECT_FALSE(some_apply_fails(scenario));
}

}  // namespace
}  // namespace lockstorm::scenarios
