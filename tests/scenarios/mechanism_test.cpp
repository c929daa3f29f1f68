// Mechanisms: what a survey finds is all there is, each with the smallest adversity, and each is shown by a
// run.
#include "scenarios/story/mechanism.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/search/verify.hpp"
#include "scenarios/story/tell.hpp"
#include "sim/random.hpp"
#include "sim/run/table_run.hpp"
#include "sim/strategies/uniform.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

VerifyResult survey(const Scenario& scenario, VerifyOptions::Mechanisms mechanisms) {
  VerifyOptions options;
  options.explain = false;
  options.mechanisms = mechanisms;
  return verify(scenario, options);
}

// The jobs are not ordered, so that the late DELETE of the one can remove what the other has saved: nothing
// else loses an update, and nothing adverse is needed.
TEST(Mechanisms, ADeletionThatComesLateIsTheOnlyOneBetweenADeletedWorkspaceAndAFirstApply) {
  const VerifyResult result =
      survey(scenario_of("backend: {type: pg, workspace: p}\n"
                         "client: [{tool: terraform, command: [destroy, workspace delete]}, "
                         "{tool: terraform, command: apply}]\ncheck: [no-lost-update]\n"),
             VerifyOptions::Mechanisms::told);
  const Mechanisms& mechanisms = result.mechanisms.at(Property::no_lost_update);
  ASSERT_TRUE(mechanisms.complete);
  ASSERT_EQ(mechanisms.all.size(), 1U);
  EXPECT_EQ(mechanisms.all.front().event.operation, "DELETE");
  EXPECT_EQ(mechanisms.all.front().adverse_events(), 0U);
}

// Both waits end because nobody is named; what refused the lock was the condition in the one, a conflict in
// the other.
TEST(Mechanisms, AConflictIsToldBesideAFailedCondition) {
  const VerifyResult result =
      survey(scenario_of("backend: {type: s3, use_lockfile: true}\nstore: {conflicts: 1}\n"
                         "client: {tool: terraform, count: 2, lock_timeout: 60s}\ncheck: [progress]\n"),
             VerifyOptions::Mechanisms::told);
  const Mechanisms& mechanisms = result.mechanisms.at(Property::progress);
  ASSERT_EQ(mechanisms.all.size(), 2U);
  EXPECT_EQ(mechanisms.all[0].adverse_events(), 0U);
  EXPECT_EQ(mechanisms.all[1].adversity, (SpentEvents{{"conflicts", 1U}}));
  EXPECT_NE(mechanisms.all[0].event, mechanisms.all[1].event);
}

// Every mechanism that is told is shown by its own run, with its own adversity and no more steps than that
// takes.
void expect_shown(const VerifyResult& result) {
  for (const auto& [property, mechanisms] : result.mechanisms) {
    EXPECT_TRUE(mechanisms.complete) << result.scenario.name;
    unsigned events = 0;
    for (const Mechanism& mechanism : mechanisms.all) {
      EXPECT_GE(mechanism.adverse_events(), events) << "the simplest first";
      events = mechanism.adverse_events();
      ASSERT_TRUE(mechanism.counterexample.has_value()) << result.scenario.name;
      const Counterexample& shown = result.counterexamples[*mechanism.counterexample];
      EXPECT_EQ(shown.property, property);
      EXPECT_EQ(shown.adverse_events, mechanism.adverse_events());
      EXPECT_TRUE(shown.mechanism->is_same(mechanism)) << result.scenario.name;
    }
    for (std::size_t i = 0; i < mechanisms.all.size(); ++i) {
      for (std::size_t k = i + 1; k < mechanisms.all.size(); ++k)
        EXPECT_FALSE(mechanisms.all[i].is_same(mechanisms.all[k]));
    }
  }
}

bool is_covered(const Mechanisms& mechanisms, const Mechanism& seen) {
  const auto number_of = [](const SpentEvents& adversity, const std::string& kind) {
    const auto found = std::ranges::find(adversity, kind, &std::pair<std::string, unsigned>::first);
    return found == adversity.end() ? 0U : found->second;
  };
  return std::ranges::any_of(mechanisms.all, [&](const Mechanism& known) {
    return known.event == seen.event && std::ranges::all_of(known.adversity, [&](const auto& kind) {
             return number_of(seen.adversity, kind.first) >= kind.second;
           });
  });
}

// A random run up to its first violation of a property that is judged at steps: its mechanism, or one with
// less adversity, must be among those that the survey has found.
void expect_covers_random_runs(const VerifyResult& result, unsigned runs) {
  const auto world = build_world(result.scenario);
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::TableRun run(tables, world->monitors);
  sim::Uniform uniform;
  sim::ChoiceStream stream;
  unsigned compared = 0;
  for (unsigned number = 0; number < runs; ++number) {
    sim::Random random(number);
    sim::FaultPlan plan = sim::FaultPlan::drawn(world->spec.budget, 60, random);
    run.run(uniform, plan, random, {}, stream);
    for (const auto& [property, mechanisms] : result.mechanisms) {
      run.restart();
      sim::RunResult so_far;
      std::size_t length = 0;
      const auto is_violated = [&] {
        return checkers::PropertySet::from_bits(so_far.violations).contains(property);
      };
      while (length < stream.size() && !is_violated()) run.take(stream[length++], so_far);
      if (!is_violated()) continue;
      const auto told =
          tell(result.scenario, *world, run.schedule_of(std::span(stream).first(length)), property);
      ASSERT_TRUE(told.has_value()) << told.error();
      EXPECT_TRUE(is_covered(mechanisms, *told->mechanism))
          << checkers::property_name(property) << ": " << told->mechanism->event.operation << " "
          << told->mechanism->event.object << " -> " << told->mechanism->event.answer;
      ++compared;
    }
  }
  EXPECT_GT(compared, 0U);
}

class SurveyedWorld : public testing::TestWithParam<const char*> {};

TEST_P(SurveyedWorld, HoldsEveryMechanismThatRandomRunsMeet) {
  const VerifyResult result = survey(scenario_of(GetParam()), VerifyOptions::Mechanisms::told);
  ASSERT_FALSE(result.mechanisms.empty());
  expect_shown(result);
  expect_covers_random_runs(result, 3'000);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SurveyedWorld,
    testing::Values("backend: {type: s3, use_lockfile: true}\nclient: {tool: terraform, count: 2}\n"
                    "operator: {force_unlock: 1, target: any}\nfaults: {crash: 1, lose_response: 1}\n"
                    "check: [mutual-exclusion, no-lost-update, own-lock-only, exclusive-effects]\n",
                    "backend: {type: s3, dynamodb_table: t}\nclient: {tool: terraform, count: 2}\n"
                    "operator: {force_unlock: 1, target: any}\nfaults: {crash: 1, late_request: 1}\n",
                    "backend: {type: consul, session_losses: 1}\nclient: {tool: terraform, count: 2}\n"
                    "faults: {pause: 1}\n",
                    "backend: {type: pg}\nclient: {tool: opentofu, count: 2}\n"
                    "store: {session_losses: 1}\nfaults: {interrupt: 1}\n",
                    "backend: {type: s3}\nclient: {tool: terraform, count: 2}\ninitial_state: empty\n"
                    "faults: {lose_response: 1}\n"));

}  // namespace
}  // namespace lockstorm::scenarios
