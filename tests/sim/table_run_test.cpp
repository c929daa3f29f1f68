// Runs on tables take only steps that the explorer knows, the same ones for the same seed, and fit the
// simulator.
#include "sim/run/table_run.hpp"

#include <gtest/gtest.h>

#include <set>

#include "bench/lock_world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"
#include "sim/strategies/swarm.hpp"
#include "sim/strategies/uniform.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

RunResult walk(TableRun& run, std::uint64_t seed, std::uint64_t max_steps, ChoiceStream& stream) {
  Uniform uniform;
  Random random(seed);
  FaultPlan plan = FaultPlan::drawn(run.tables().spec().budget, 30, random);
  return run.run(uniform, plan, random, {max_steps, max_steps}, stream);
}

FaultBudget some_faults() {
  FaultBudget budget;
  budget[Fault::crash] = 1;
  budget[Fault::lose_response] = 1;
  return budget;
}

TEST(TableRun, EndsWhereTheExplorerDoes) {
  const WorldSpec spec = toy::world(2, some_faults(), 2, true, true, 0);
  const MonitorOf<toy::Watch> watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  ExploreOptions options;
  options.symmetry = false;
  options.reduction = false;
  Explorer<2> explorer(tables, watch, {}, options);
  const ExploreResult explored = explorer.run();
  ASSERT_TRUE(explored.complete);

  TableRun run(tables, watch);
  ChoiceStream stream;
  std::set<EndState> ends;
  Violations violations = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const RunResult result = walk(run, seed, 10'000, stream);
    ASSERT_TRUE(result.ended);
    violations = static_cast<Violations>(violations | result.violations);
    const EndState end = run.end_state();
    EXPECT_TRUE(explorer.end_states().contains(end)) << "seed " << seed;
    ends.insert(end);
  }
  EXPECT_EQ(violations, explored.violated);
  EXPECT_GT(ends.size() * 2, explorer.end_states().size()) << "most end states are found";
}

TEST(TableRun, IsDecidedByItsSeed) {
  const WorldSpec spec = toy::world(3, some_faults());
  const MonitorOf<toy::Watch> watch;
  const auto lengths = [&] {
    StateTables tables(spec, Automaton::Mode::compressed);
    TableRun run(tables, watch);
    ChoiceStream stream;
    std::vector<std::uint64_t> result;
    for (std::uint64_t seed = 0; seed < 200; ++seed) result.push_back(walk(run, seed, 10'000, stream).steps);
    return result;
  };
  const std::vector<std::uint64_t> first = lengths();
  EXPECT_EQ(first, lengths());
  EXPECT_GT(std::set(first.begin(), first.end()).size(), 10U);
}

TEST(TableRun, StopsAtTheGivenNumberOfSteps) {
  const WorldSpec spec = toy::world(2, {});
  const MonitorOf<toy::Watch> watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  TableRun run(tables, watch);
  ChoiceStream stream;
  const RunResult result = walk(run, 1, 5, stream);
  EXPECT_FALSE(result.ended);
  EXPECT_EQ(result.steps, 5U);
}

// A client that dies with the lock leaves the others trying for ever.
TEST(TableRun, FindsTheSeededLostUpdate) {
  const WorldSpec spec = bench::lock_world({2, 1, 1, false});
  const MonitorOf<bench::LockWatch> watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  TableRun run(tables, watch);
  ChoiceStream stream;
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < 5'000; ++seed)
    found += walk(run, seed, 1'000, stream).violations != 0 ? 1 : 0;
  EXPECT_GT(found, 0U);
}

// The same decisions mean the same to the simulator: steps, violations, end state, and back to decisions.
TEST(TableRun, IsReplayedByTheSimulator) {
  const WorldSpec spec = toy::world(3, some_faults(), 2, true, true, 0);
  const MonitorOf<toy::Watch> watch;
  StateTables tables(spec, Automaton::Mode::compressed);
  TableRun run(tables, watch);
  ChoiceStream stream;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RunResult result = walk(run, seed, 10'000, stream);
    const EndState end = run.end_state();
    const Schedule schedule = run.schedule_of(stream);
    ASSERT_EQ(schedule.size(), result.steps);
    EXPECT_EQ(run.decisions_of(schedule), stream);
    ValuePool& values = tables.values();
    Simulator live(spec, values, watch);
    Violations violations = 0;
    for (const StepChoice& choice : schedule) {
      ASSERT_EQ(live.enabled().size(), choice.bound);
      violations = static_cast<Violations>(violations | live.take(choice.index).violations);
    }
    EXPECT_EQ(violations, result.violations);
    EXPECT_EQ(live.end_state(), end);
  }
}

}  // namespace
}  // namespace lockstorm::sim
