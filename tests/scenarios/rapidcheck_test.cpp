// Properties of the engines on generated scenarios, and of the generators themselves.
#include "scenarios/rapidcheck.hpp"
#include "sim/run/simulator.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "scenarios/hunt/hunt.hpp"
#include "scenarios/hunt/lane.hpp"
#include "scenarios/search/walk_scenario.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/walk.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::scenarios {
namespace {

// What a schedule violates on live processes.
checkers::PropertySet violated_live(const World& world, const sim::Schedule& schedule, sim::EndState& end) {
  sim::ValuePool values;
  sim::Simulator simulator(world.spec, values, world.monitors);
  checkers::PropertySet violated;
  for (const sim::StepChoice& choice : schedule) {
    RC_ASSERT(simulator.enabled().size() == choice.bound);
    violated |= checkers::PropertySet::from_bits(simulator.take(choice.index).violations);
  }
  end = simulator.end_state();
  if (simulator.finished() && world.end_check) {
    sim::EndCheck check = world.end_check;
    violated |= checkers::PropertySet::from_bits(check(values, end));
  }
  return violated & world.checked;
}

RC_GTEST_PROP(Generated, ScenariosHaveNamesThatMeanThem, ()) {
  const Scenario scenario = *gen::scenario({.jobs = 3, .faults = 2});
  const auto again = scenario_of_audit_name(scenario.name);
  RC_ASSERT(again.has_value());
  RC_ASSERT(fingerprint(*again) == fingerprint(scenario));
  RC_ASSERT(scenario.client.count >= 1 && scenario.client.count <= 3);
  RC_ASSERT(scenario.faults.total() <= 2U);
}

RC_GTEST_PROP(Engines, ReplayOnLiveProcessesEqualsTheRunOnTables, ()) {
  const Scenario scenario = *gen::scenario({.jobs = 3, .faults = 2});
  const std::vector<std::uint32_t> picks = *gen::picks();
  const WalkedScenario walked = walk_scenario(scenario, picks);
  const auto world = build_world(scenario);
  sim::EndState end;
  RC_ASSERT(violated_live(*world, walked.schedule, end) == walked.violations);
}

RC_GTEST_PROP(Engines, TheExplorerKnowsEveryEndThatARunComesTo, ()) {
  const Scenario scenario = *gen::scenario({.faults = 1});
  const auto world = build_world(scenario);
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.symmetry = false;
  options.max_states = 20'000;
  sim::Explorer<4> explorer(tables, world->monitors, world->end_check, options);
  RC_PRE(explorer.run().complete);
  std::set<sim::EndState> ends;
  for (const auto& [end, violations] : explorer.end_states()) ends.insert(end);
  sim::TableRun run(tables, world->monitors);
  const sim::WalkedRun walked = sim::walk(run, *gen::picks());
  RC_PRE(walked.result.ended);
  RC_ASSERT(ends.contains(run.end_state()));
}

// Workers number values and states as they meet them; their hashes say the same of the same states all the
// same, and states in which a server or a process differs have different ones.
RC_GTEST_PROP(Engines, StateHashesAreEqualExactlyForEqualStates, ()) {
  const Scenario scenario = *gen::scenario({.faults = 1});
  const auto world = build_world(scenario);
  HuntWorker first(*world);
  HuntWorker second(*world);
  sim::walk(second.runner(), *gen::picks());  // its tables are in another order from here on
  const sim::WalkedRun walked = sim::walk(first.runner(), *gen::picks());
  std::map<std::uint64_t, std::vector<std::uint32_t>> state_of;
  sim::RunResult ignored;
  const sim::Schedule schedule = first.runner().schedule_of(walked.decisions);
  first.runner().restart();
  second.runner().restart();
  for (const sim::StepChoice& choice : schedule) {
    first.runner().take(first.runner().enabled().at(choice.index), ignored);
    second.runner().take(second.runner().enabled().at(choice.index), ignored);
    const std::uint64_t hash = first.state_hash();
    RC_ASSERT(second.state_hash() == hash);
    std::vector<std::uint32_t> servers;
    for (std::size_t s = 0; s < first.runner().service_states().size(); ++s)
      servers.push_back(first.runner().tables().service_value(s, first.runner().service(s)));
    const auto [known, is_new] = state_of.try_emplace(hash, servers);
    RC_ASSERT(known->second == servers);
  }
}

RC_GTEST_PROP(Engines, AShrunkCounterexampleStillViolates, ()) {
  const Scenario scenario =
      *gen::scenario({.backends = {"s3", "s3+lockfile", "gcs", "consul+unlocked"}, .faults = 1});
  HuntOptions options;
  options.runs = 2'000;
  const HuntResult hunted = hunt(scenario, options);
  RC_PRE(!hunted.result.counterexamples.empty());
  const auto world = build_world(scenario);
  for (const Counterexample& counterexample : hunted.result.counterexamples) {
    sim::EndState end;
    RC_ASSERT(violated_live(*world, counterexample.schedule, end).contains(counterexample.property));
  }
}

RC_GTEST_PROP(Generated, WorldsOfOnesOwn, ()) {
  const sim::WorldSpec spec = *gen::world(sim::toy::world(3, {}), 2);
  RC_ASSERT(spec.process_count() >= 1 && spec.process_count() <= 3);
  const sim::MonitorOf<sim::toy::Watch> watch;
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  sim::TableRun run(tables, watch);
  const sim::WalkedRun walked = sim::walk(run, *gen::picks());
  const bool alone = spec.process_count() == 1;
  if (alone) RC_ASSERT((walked.result.violations & 1U) == 0U);  // nobody else to be inside
}

}  // namespace
}  // namespace lockstorm::scenarios
