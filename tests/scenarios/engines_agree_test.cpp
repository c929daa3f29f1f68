// Both engines reach the same end states on every library scenario that live processes can enumerate.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "scenarios/backends/lock_table.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"
#include "tests/sim/enumerate_live.hpp"

namespace lockstorm::scenarios {
namespace {

// Above this many states, re-executing live processes for every one takes too long for an ordinary test run.
constexpr std::size_t kMaxStatesOfLive = 5'000;

std::optional<std::set<sim::EndState>> explore_all(const World& world, sim::StateTables& tables) {
  sim::ExploreOptions options;
  options.symmetry = false;  // the simulator knows none
  options.max_states = kMaxStatesOfLive;
  sim::Explorer<4> explorer(tables, world.monitors, world.end_check, options);
  if (!explorer.run().complete) return std::nullopt;
  std::set<sim::EndState> ends;
  for (const auto& [end, violations] : explorer.end_states()) ends.insert(end);
  return ends;
}

// A successor asks again and again whether it is needed.
bool polls(const Scenario& scenario) {
  return std::ranges::any_of(scenario.all_fleets(), [](const Fleet& fleet) {
    return fleet.client.restarts > 0 || fleet.client.lock_timeout.count() > 0;
  });
}

TEST(EnginesAgree, OnTheEndStatesOfEverySmallScenario) {
  std::size_t compared = 0;
  const std::vector<Scenario> whole_library = find_scenarios("*").value();
  for (const Scenario& scenario : whole_library) {
    SCOPED_TRACE(scenario.name);
    // Whoever polls has no end of histories, and crowds are for random search.
    if (scenario.clients() > 6 || scenario.client.lock_timeout.count() > 0 ||
        scenario.backend.as<LockTableConfig>() != nullptr || polls(scenario))
      continue;
    const std::unique_ptr<World> world = build_world(scenario);
    sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
    const auto explored = explore_all(*world, tables);
    if (!explored) continue;
    const auto simulated =
        sim::enumerate_live(world->spec, tables.values(), world->monitors, kMaxStatesOfLive * 4);
    if (!simulated) continue;
    EXPECT_EQ(*explored, *simulated);
    ++compared;
  }
  EXPECT_GE(compared, 25U) << "too few scenarios are small enough: the comparison has lost its teeth";
  std::printf("%zu scenarios compared\n", compared);
}

}  // namespace
}  // namespace lockstorm::scenarios
