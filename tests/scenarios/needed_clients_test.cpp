// A client without which the violation happens all the same is no part of its story.
#include "scenarios/search/needed_clients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::ElementsAre;
using testing::IsEmpty;

Counterexample counterexample_of(const Scenario& scenario, Property property) {
  const VerifyResult result = verify(scenario, {});
  const Counterexample* found = result.counterexample_of(property);
  if (found == nullptr) throw std::invalid_argument("held");
  return *found;
}

TEST(NeededClients, WhoOnlyMeetsTheLockThatIsLeftIsNotNeeded) {
  const Counterexample left = counterexample_of(
      *find_scenario("remote/opentofu/unlock-refused-while-pending"), Property::lock_released);
  EXPECT_THAT(left.not_needed, ElementsAre(1U));
  EXPECT_TRUE(std::ranges::any_of(left.steps, [](const auto& step) { return step.actor == "client-2"; }));
  for (const CounterexampleStep& step : left.steps)
    EXPECT_FALSE(step.is_relevant && step.actor == "client-2") << step.text;
}

TEST(NeededClients, BothOfTwoHoldersAreNeeded) {
  const Counterexample two =
      counterexample_of(scenario_of("backend: {type: s3, bucket: b, key: k, region: r}\n"
                                    "client: {tool: terraform, count: 3}\ncheck: [mutual-exclusion]\n"),
                        Property::mutual_exclusion);
  EXPECT_THAT(two.not_needed, IsEmpty());
}

// Where time passes everybody has to move; that does not make them part of it.
TEST(NeededClients, WhoMovesOnlyBecauseTimePassesIsNotNeeded) {
  const Counterexample timed =
      counterexample_of(*find_scenario("lock-table/l1-8-same-timestamp"), Property::mutual_exclusion);
  EXPECT_THAT(timed.not_needed, ElementsAre(2U));
}

// The claim itself: with as many clients less the property is violated all the same, with no more that is
// adverse.
TEST(NeededClients, WithoutThemThePropertyIsViolatedAllTheSame) {
  std::size_t tried = 0;
  for (const char* glob : {"s3/lockfile/terraform/*", "http/gitlab/opentofu/*", "remote/terraform/*"}) {
    const auto scenarios = find_scenarios({glob});
    ASSERT_TRUE(scenarios.has_value());
    for (const Scenario& scenario : *scenarios) {
      if (!scenario.fleets.empty()) continue;
      const VerifyResult result = verify(scenario, {});
      for (const Counterexample& counterexample : result.counterexamples) {
        if (counterexample.not_needed.empty()) continue;
        Scenario fewer = scenario;
        fewer.client.count = static_cast<std::uint8_t>(fewer.client.count - counterexample.not_needed.size());
        const auto world = build_world(fewer);
        const ShortestSearch found =
            find_shortest(*world, counterexample.property, 1'000'000, counterexample.adverse_events);
        EXPECT_TRUE(found.schedule) << scenario.name << checkers::property_name(counterexample.property);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 20U);
}

}  // namespace
}  // namespace lockstorm::scenarios
