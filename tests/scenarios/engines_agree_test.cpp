// Both engines reach the same end states on every library scenario that live processes can enumerate.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <unordered_set>

#include "scenarios/world.hpp"
#include "scenarios/yaml_scenario.hpp"
#include "sim/explorer.hpp"
#include "sim/simulator.hpp"

namespace lockstorm::scenarios {
namespace {

// Above this many states, re-executing live processes for every one takes too long for an ordinary test run.
constexpr std::size_t kMaxStates = 5'000;

std::optional<std::set<sim::EndState>> explore_all(const World& world, sim::StateTables& tables) {
  sim::ExploreOptions options;
  options.symmetry = false;  // the simulator knows none
  options.max_states = kMaxStates;
  sim::Explorer<4, checkers::Monitors> explorer(tables, world.monitors, world.end_check, options);
  if (!explorer.run().complete) return std::nullopt;
  std::set<sim::EndState> ends;
  for (const auto& [end, violations] : explorer.end_states()) ends.insert(end);
  return ends;
}

std::vector<std::filesystem::path> library_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(LOCKSTORM_SOURCE "/scenarios/library")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// Depth-first by re-execution on live fibers; a state is what decides its future, told by what processes
// observed.
std::optional<std::set<sim::EndState>> simulate_all(const World& world, sim::ValuePool& values,
                                                    std::size_t max_states) {
  sim::Simulator<checkers::Monitors> simulator(world.spec, values, world.monitors);
  std::set<sim::EndState> ends;
  std::unordered_set<std::string> seen;
  std::vector<std::vector<std::uint32_t>> todo{{}};
  while (!todo.empty()) {
    std::vector<std::uint32_t> path = std::move(todo.back());
    todo.pop_back();
    simulator.restart();
    for (const std::uint32_t choice : path) simulator.take(choice);
    // Follow first choices for as long as they lead to new states; the others are for later.
    while (seen.insert(simulator.fingerprint()).second) {
      if (seen.size() > max_states) return std::nullopt;
      const auto count = static_cast<std::uint32_t>(simulator.enabled().size());
      if (count == 0) ends.insert(simulator.end_state());
      if (count == 0) break;
      for (std::uint32_t i = 1; i < count; ++i) {
        todo.push_back(path);
        todo.back().push_back(i);
      }
      path.push_back(0);
      simulator.take(0);
    }
  }
  return ends;
}

TEST(EnginesAgree, OnTheEndStatesOfEverySmallScenario) {
  std::size_t compared = 0;
  for (const std::filesystem::path& file : library_files()) {
    SCOPED_TRACE(file.string());
    const auto scenario = read_scenario(file);
    ASSERT_TRUE(scenario.has_value()) << scenario.error().render();
    // Whoever polls has no end of histories.
    if (scenario->client.lock_timeout.count() > 0 || scenario->backend.kind == BackendKind::lock_table)
      continue;
    const std::unique_ptr<World> world = build_world(*scenario);
    sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
    const auto explored = explore_all(*world, tables);
    if (!explored) continue;
    const auto simulated = simulate_all(*world, tables.values(), kMaxStates * 4);
    if (!simulated) continue;
    EXPECT_EQ(*explored, *simulated);
    ++compared;
  }
  EXPECT_GE(compared, 25U) << "too few scenarios are small enough: the comparison has lost its teeth";
  std::printf("%zu scenarios compared\n", compared);
}

}  // namespace
}  // namespace lockstorm::scenarios
