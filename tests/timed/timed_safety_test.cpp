// What must not happen, in virtual time: what runs see, how sure that is, and what exploring says of the
// rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/contend/contend_report.hpp"
#include "scenarios/contend/safety.hpp"
#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using test::one_day;
using testing::HasSubstr;

Scenario case_on(const std::string& backend, const std::string& time) {
  const std::string text = "backend: {" + backend +
                           "}\nclient: {count: 2, lock_timeout: 5m}\ntime: {model: timed, " + time + "}\n";
  auto scenario = parse_scenario(text, "case.yaml", "case");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

const std::string kPairs = "for: 4h, plan: 0s, apply: 60s, arrivals: {burst: 2, every: {uniform: [1h, 1h]}}";

const SafetyEstimate& estimate_of(const ContendResult& result, Property property) {
  return *std::ranges::find(result.safety, property, &SafetyEstimate::property);
}

// Both read, both apply, and who writes last has not read what the other was told is saved: each hour.
TEST(TimedSafety, WithoutALockUpdatesAreLost) {
  const RunFigures run = one_day(case_on("type: s3", "latency: {s3: 0s}, " + kPairs));
  EXPECT_EQ(run.breaches[Property::no_lost_update].count, 4U);
  EXPECT_GE(run.breaches[Property::no_lost_update].first_us, 60'000'000U);
  EXPECT_LT(run.breaches[Property::no_lost_update].first_us, 61'000'000U);
}

TEST(TimedSafety, WithALockNoneIsAndThatIsProved) {
  const auto result =
      contend(case_on("type: s3, use_lockfile: true", kPairs),
              {.runs = 4, .seed = 1, .threads = 1, .proof_states = 1'000'000, .one_done = {}});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->safety.size(), 3U);
  for (const SafetyEstimate& estimate : result->safety) {
    EXPECT_EQ(estimate.violations, 0U);
    ASSERT_TRUE(estimate.proof);
    EXPECT_EQ(estimate.proof->answer, SafetyProof::Answer::held)
        << checkers::property_name(estimate.property);
  }
  EXPECT_THAT(reports::safety_words(result->safety.front()), HasSubstr("; proved for 2 jobs, "));
}

// A killed job, and a person who unlocks while somebody else has the lock by then: rare, and not proved away.
TEST(TimedSafety, WhatIsPossibleIsNotCalledImpossible) {
  const std::string rare =
      kPairs + ", crash_every: 8000h, unlock_after: 10m, pause_every: 8000h, pause_for: 1h";
  const auto result =
      contend(case_on("type: consul", rare),
              {.runs = 2, .seed = 1, .threads = 1, .proof_states = 3'000'000, .one_done = {}});
  ASSERT_TRUE(result);
  const SafetyEstimate& estimate = estimate_of(*result, Property::mutual_exclusion);
  ASSERT_EQ(estimate.violations, 0U);
  ASSERT_TRUE(estimate.proof);
  EXPECT_EQ(estimate.proof->answer, SafetyProof::Answer::possible);
  EXPECT_THAT(reports::safety_words(estimate), HasSubstr("but possible with 2 jobs, "));
}

// Two jobs of the fleet that locks are safe from each other, and not from one that does not.
TEST(TimedSafety, JobsThatDifferAreExploredTogether) {
  const std::string alone =
      "time: {model: timed, for: 1h, apply: 60s, arrivals: {burst: 1, every: {uniform: [2h, 2h]}}}\n";
  const auto scenario = parse_scenario(
      "backend: {type: s3, use_lockfile: true}\nclient: [{count: 2}, {count: 1, lock: false}]\n" + alone,
      "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const auto result =
      contend(*scenario, {.runs = 1, .seed = 1, .threads = 1, .proof_states = 3'000'000, .one_done = {}});
  ASSERT_TRUE(result);
  const SafetyEstimate& estimate = estimate_of(*result, Property::no_lost_update);
  EXPECT_EQ(estimate.violations, 0U);
  ASSERT_TRUE(estimate.proof);
  EXPECT_EQ(estimate.proof->answer, SafetyProof::Answer::possible);
}

// Only one job of a state runs at a time, which exploring does not know.
TEST(TimedSafety, AGroupMakesWhatIsPossibleUnknown) {
  const auto result =
      contend(case_on("type: s3", "group: queue, " + kPairs),
              {.runs = 2, .seed = 1, .threads = 1, .proof_states = 1'000'000, .one_done = {}});
  ASSERT_TRUE(result);
  const SafetyEstimate& estimate = estimate_of(*result, Property::no_lost_update);
  EXPECT_EQ(estimate.violations, 0U);
  ASSERT_TRUE(estimate.proof);
  EXPECT_EQ(estimate.proof->answer, SafetyProof::Answer::unknown);
}

// A lease that lasts for seconds, and an apply that takes a minute: the next one takes the lock over.
TEST(TimedSafety, AHolderWhoIsTooSlowIsSeen) {
  const RunFigures run = one_day(case_on("type: lock-table, protocol: L1a", "ticks: 4, " + kPairs));
  EXPECT_GT(run.breaches[Property::mutual_exclusion].count, 0U);
}

std::vector<WatchedRun> runs_with(std::size_t violated, std::size_t all) {
  std::vector<WatchedRun> runs(all);
  for (std::size_t i = 0; i < all; ++i) {
    runs[i].end_us = 10'000'000;
    if (i < violated) runs[i].breaches[Property::no_lost_update] = {2, 10'000'000};
  }
  return runs;
}

// Exact limits of a Poisson expectation: 10 seen, 4.80 to 18.39; none seen, 3.69 at the most.
TEST(TimedSafety, IntervalsAreThoseOfACount) {
  const auto ten = safety_estimates({Property::no_lost_update}, runs_with(10, 100));
  ASSERT_EQ(ten.size(), 1U);
  EXPECT_EQ(ten[0].runs_violated, 10U);
  EXPECT_EQ(ten[0].violations, 20U);
  EXPECT_DOUBLE_EQ(ten[0].watched_s, 1000);
  EXPECT_DOUBLE_EQ(ten[0].first_s.value, 100);
  EXPECT_NEAR(ten[0].first_s.low, 1000 / 18.39, 0.1);
  EXPECT_NEAR(ten[0].first_s.high, 1000 / 4.795, 1);
  const auto none = safety_estimates({Property::no_lost_update}, runs_with(0, 100));
  EXPECT_NEAR(none[0].first_s.low, 1000 / 3.689, 2);
}

}  // namespace
}  // namespace lockstorm::scenarios
