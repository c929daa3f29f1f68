// Random walks take only steps that the explorer knows, and the same ones for the same seed.
#include "sim/random_walk.hpp"

#include <gtest/gtest.h>

#include <set>

#include "bench/lock_world.hpp"
#include "sim/explorer.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

FaultBudget some_faults() {
  FaultBudget budget;
  budget[Fault::crash] = 1;
  budget[Fault::lose_response] = 1;
  return budget;
}

TEST(RandomWalk, EndsWhereTheExplorerDoes) {
  const WorldSpec spec = toy::world(2, some_faults(), 2, true, true, 0);
  const toy::Watch watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  ExploreOptions options;
  options.symmetry = false;
  options.reduction = false;
  Explorer<2, toy::Watch> explorer(tables, watch, {}, options);
  const ExploreResult explored = explorer.run();
  ASSERT_TRUE(explored.complete);

  RandomWalk<2, toy::Watch> walk(tables, watch);
  std::set<EndState> ends;
  Violations violations = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const WalkResult result = walk.run(seed, 10'000);
    ASSERT_TRUE(result.ended);
    violations = static_cast<Violations>(violations | result.violations);
    const EndState end = walk.end_state();
    EXPECT_TRUE(explorer.end_states().contains(end)) << "seed " << seed;
    ends.insert(end);
  }
  EXPECT_EQ(violations, explored.violated);
  EXPECT_GT(ends.size() * 2, explorer.end_states().size()) << "most end states are found";
}

TEST(RandomWalk, IsDecidedByItsSeed) {
  const WorldSpec spec = toy::world(3, some_faults());
  const toy::Watch watch;
  const auto lengths = [&] {
    StateTables tables(spec, Automaton::Mode::compressed);
    RandomWalk<2, toy::Watch> walk(tables, watch);
    std::vector<std::uint64_t> result;
    for (std::uint64_t seed = 0; seed < 200; ++seed) result.push_back(walk.run(seed, 10'000).steps);
    return result;
  };
  const std::vector<std::uint64_t> first = lengths();
  EXPECT_EQ(first, lengths());
  EXPECT_GT(std::set(first.begin(), first.end()).size(), 10U);
}

TEST(RandomWalk, StopsAtTheGivenNumberOfSteps) {
  const WorldSpec spec = toy::world(2, {});
  const toy::Watch watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  RandomWalk<2, toy::Watch> walk(tables, watch);
  const WalkResult result = walk.run(1, 5);
  EXPECT_FALSE(result.ended);
  EXPECT_EQ(result.steps, 5U);
}

// A client that dies with the lock leaves the others trying for ever.
TEST(RandomWalk, FindsTheSeededLostUpdate) {
  const WorldSpec spec = bench::lock_world({2, 1, 1, false});
  const bench::LockWatch watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  RandomWalk<2, bench::LockWatch> walk(tables, watch);
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) found += walk.run(seed, 1'000).violations != 0 ? 1 : 0;
  EXPECT_GT(found, 0U);
}

}  // namespace
}  // namespace lockstorm::sim
