// A counterexample has as few adverse events as any run that violates its property, and then as few steps.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

VerifyResult quick_verify(const Scenario& scenario) {
  VerifyOptions options;
  options.explain = false;
  return verify(scenario, options);
}

bool acts(const CounterexampleStep& step, std::string_view actor) {
  return step.actor.starts_with(actor) && step.event == "effect";
}

// A kill would make the run shorter; it plays no part.
TEST(FewestEvents, NobodyIsKilledForTheSakeOfAShorterRun) {
  const VerifyResult result =
      quick_verify(scenario_of("backend: {type: remote}\nclient: {tool: terraform, count: 2}\n"
                               "faults: {server_error: 1, crash: 1}\ncheck: [progress]\n"));
  ASSERT_EQ(result.counterexamples.size(), 1U);
  const Counterexample& counterexample = result.counterexamples.front();
  EXPECT_EQ(counterexample.adverse_events, 1U);
  EXPECT_TRUE(std::ranges::none_of(counterexample.steps,
                                   [](const CounterexampleStep& step) { return step.event == "crash"; }));
}

TEST(FewestEvents, NoOperatorActsWhereNoneIsNeeded) {
  const VerifyResult result = quick_verify(
      scenario_of("backend: {type: azurerm}\n"
                  "client: [{tool: terraform, count: 1}, {tool: terraform, count: 1, command: plan}]\n"
                  "initial_state: empty\noperator: {force_unlock: 1, target: any}\ncheck: [no-drift]\n"));
  ASSERT_EQ(result.counterexamples.size(), 1U);
  const Counterexample& counterexample = result.counterexamples.front();
  EXPECT_EQ(counterexample.adverse_events, 0U);
  EXPECT_TRUE(std::ranges::none_of(counterexample.steps, [](const CounterexampleStep& step) {
    return acts(step, "operator") && step.frees.has_value();
  }));
}

// The session that is lost is the one adverse event of such a run.
TEST(FewestEvents, ALostSessionIsAnAdverseEvent) {
  const VerifyResult result =
      quick_verify(scenario_of("backend: {type: consul, session_losses: 1}\n"
                               "client: {tool: terraform, count: 2}\ncheck: [mutual-exclusion]\n"));
  ASSERT_EQ(result.counterexamples.size(), 1U);
  EXPECT_EQ(result.counterexamples.front().faults, 0U);
  EXPECT_EQ(result.counterexamples.front().adverse_events, 1U);
}

// Every budget with one adverse event less than the counterexample has, by exploring each for itself.
void expect_fewest(const Scenario& scenario, const Counterexample& counterexample) {
  if (counterexample.adverse_events == 0) return;
  const auto holds = [&](const Scenario& smaller) {
    const Refutation refuted = refute(*build_world(smaller), counterexample.property, 2'000'000);
    EXPECT_EQ(refuted.verdict, Verdict::held)
        << scenario.name << ": " << checkers::property_name(counterexample.property) << " needs fewer than "
        << counterexample.adverse_events;
  };
  const unsigned declared = scenario.faults.total() + scenario.force_unlock.force_unlock;
  if (counterexample.adverse_events < declared) return;  // smaller budgets would have to be combined
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0) continue;
    Scenario smaller = scenario;
    --smaller.faults.count[kind];
    holds(smaller);
  }
  if (scenario.force_unlock.force_unlock > 0) {
    Scenario smaller = scenario;
    --smaller.force_unlock.force_unlock;
    holds(smaller);
  }
}

TEST(FewestEvents, OneEventLessIsNotEnough) {
  for (const std::string& below : {std::string("s3"), std::string("http"), std::string("remote")}) {
    const std::vector<Scenario> of_backend = find_scenarios(below + "/*").value();
    for (const Scenario& scenario : of_backend) {
      const unsigned declared = scenario.faults.total() + scenario.force_unlock.force_unlock;
      if (declared == 0 || declared > 2 || !scenario.backend->traits().runs_commands) continue;
      const VerifyResult result = quick_verify(scenario);
      for (const Counterexample& counterexample : result.counterexamples)
        expect_fewest(scenario, counterexample);
    }
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
