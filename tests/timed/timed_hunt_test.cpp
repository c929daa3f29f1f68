// Hunts in virtual time: runs of the ordinary world, in which jobs meet and faults strike as time has it.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/hunt/hunt.hpp"
#include "scenarios/hunt/timed_strategy.hpp"
#include "scenarios/story/tell.hpp"
#include "sim/run/run_shape.hpp"
#include "sim/run/table_run.hpp"
#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

Scenario hunted_case(const std::string& backend, const std::string& time, const std::string& rest = "") {
  auto scenario =
      parse_scenario("backend: {type: s3, " + backend + "}\nclient: {count: 2, lock_timeout: 5m}\n" + rest +
                         "time: {model: timed, plan: 20s, apply: 60s, " + time + "}\n",
                     "case.yaml", "case");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

HuntOptions only_timed(std::uint64_t runs, unsigned threads = 1) {
  HuntOptions options;
  options.runs = runs;
  options.threads = threads;
  options.strategies = {"timed"};
  return options;
}

const std::string kTogether = "for: 1h, arrivals: {burst: 2, within: 30s, every: 2h}";
const std::string kFarApart = "for: 2d, arrivals: {burst: 1, every: {uniform: [5h, 6h]}}";

// What it finds is a schedule of the world without time, which is told, and shrunk, like any other.
TEST(TimedHunt, WhatItFindsReplaysWithoutTime) {
  const Scenario scenario = hunted_case("use_lockfile: false", kTogether);
  const HuntResult hunted = hunt(scenario, only_timed(2'000));
  ASSERT_EQ(hunted.result.properties.at(checkers::Property::no_lost_update), Verdict::violated);
  ASSERT_FALSE(hunted.examples.empty());
  EXPECT_EQ(hunted.examples[0].found_by, "timed");
  EXPECT_TRUE(hunted.examples[0].proved_smallest);
  Scenario timeless = scenario;
  timeless.timed = nullptr;
  const auto world = build_world(timeless);
  const Counterexample& found = hunted.result.counterexamples[hunted.examples[0].counterexample];
  const auto told = tell(timeless, *world, found.schedule);
  ASSERT_TRUE(told) << told.error();
  EXPECT_EQ(told->replay, found.replay);
}

// Without a lock two jobs that meet lose an update; two that hours lie between do not, though nothing else
// keeps them apart.
TEST(TimedHunt, JobsMeetOnlyWhereTimeLetsThem) {
  const auto verdict = [](const std::string& arrivals) {
    const HuntResult hunted = hunt(hunted_case("use_lockfile: false", arrivals), only_timed(1'000));
    return hunted.result.properties.at(checkers::Property::no_lost_update);
  };
  EXPECT_EQ(verdict(kTogether), Verdict::violated);
  EXPECT_NE(verdict(kFarApart), Verdict::violated);
}

// Eighty of eighty-two seconds are plan and apply, so that is where nearly all who are killed are killed; by
// steps it would be less than half of them.
TEST(TimedHunt, FaultsStrikeWhereARunSpendsItsTime) {
  const Scenario scenario = hunted_case("use_lockfile: true", kFarApart, "faults: {crash: 1}\n");
  const auto world = build_world(scenario);
  const TimedHunt timed(scenario, *world);
  TimedStrategy strategy(&timed);
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::TableRun runner(tables, world->monitors);
  const sim::RunShape shape = sim::measure_shape(runner, 16, {});
  unsigned killed = 0;
  unsigned at_work = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    sim::Random random(number);
    strategy.begin(shape, number, random);
    sim::FaultPlan plan = strategy.faults(world->spec.budget, shape, random);
    sim::ChoiceStream stream;
    ASSERT_TRUE(runner.run(strategy, plan, random, {}, stream).ended);
    runner.restart();
    sim::RunResult ignored;
    for (const sim::Decision& decision : stream) {
      if (runner.is_fault(decision)) {
        ++killed;
        for (const sim::Action& action : tables.actions(runner.local(decision.slot())))
          at_work +=
              action.kind == sim::ActionKind::call && world->spec.services[action.service]->name() == "cloud";
      }
      ASSERT_TRUE(runner.take(decision, ignored));
    }
  }
  EXPECT_GT(killed, 80U);
  EXPECT_GT(at_work, killed * 8 / 10) << killed;
}

TEST(TimedHunt, IsTheSameOnAnyNumberOfThreads) {
  const Scenario scenario =
      hunted_case("use_lockfile: true", kTogether, "faults: {crash: 1, lose_response: 1}\n");
  HuntOptions one = only_timed(3'000);
  one.all = true;
  HuntOptions two = only_timed(3'000, 2);
  two.all = true;
  const HuntResult a = hunt(scenario, one);
  const HuntResult b = hunt(scenario, two);
  EXPECT_EQ(a.result.properties, b.result.properties);
  EXPECT_EQ(a.counts.steps, b.counts.steps);
  EXPECT_EQ(a.counts.fired, b.counts.fired);
  for (const sim::Fault fault : {sim::Fault::crash, sim::Fault::lose_response})
    EXPECT_GT(a.counts.fired[static_cast<std::size_t>(fault)], 300U);
}

TEST(TimedHunt, IsInThePortfolioWhereAScenarioHasTime) {
  const auto names_of = [](const Scenario& scenario) {
    HuntOptions options;
    options.runs = 16;
    return hunt(scenario, options).strategies;
  };
  Scenario scenario = hunted_case("use_lockfile: true", kTogether);
  EXPECT_EQ(std::ranges::count(names_of(scenario), "timed"), 1);
  scenario.timed = nullptr;
  EXPECT_EQ(std::ranges::count(names_of(scenario), "timed"), 0);
}

}  // namespace
}  // namespace lockstorm::scenarios
