// Leases of a lock table in virtual time: who holds the lock keeps it for as long as it works, and who is
// dead does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using test::one_day;

Scenario on_table(const std::string& settings, const std::string& client, const std::string& time) {
  const auto scenario = parse_scenario(
      "backend: {type: lock-table, " + settings + "}\nclient: {" + client +
          "}\ntime: {model: timed, latency: {lock-table: 10ms, s3: 10ms}, plan: 0s, " + time + "}\n",
      "case.yaml", "case");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

std::vector<std::uint64_t> sorted_waits_s(const RunFigures& run) {
  constexpr std::uint64_t kSecond_us = 1'000'000;
  std::vector<std::uint64_t> waits;
  for (const JobFigures& job : run.jobs) waits.push_back(job.lock_wait_us / kSecond_us);
  std::ranges::sort(waits);
  return waits;
}

constexpr std::string_view kBurst = "for: 1h, apply: 60s, arrivals: {burst: 3, every: {uniform: [2h, 2h]}}";

class WhoBeats : public testing::TestWithParam<std::pair<std::string, std::string>> {};

// The lease is of two seconds, and each apply takes a minute.
TEST_P(WhoBeats, KeepsTheLockForAsLongAsItWorks) {
  const auto& [settings, ticks] = GetParam();
  const RunFigures run = one_day(on_table(settings, "count: 3", ticks + std::string(kBurst)));
  ASSERT_EQ(run.jobs.size(), 3U);
  EXPECT_TRUE(std::ranges::all_of(run.jobs, [](const JobFigures& job) { return job.end == JobEnd::done; }));
  const auto waits = sorted_waits_s(run);
  EXPECT_EQ(waits[0], 0U);
  EXPECT_NEAR(static_cast<double>(waits[1]), 60, 3);
  EXPECT_NEAR(static_cast<double>(waits[2]), 121, 5);
  EXPECT_EQ(run.breaches[Property::mutual_exclusion].count, 0U);
  EXPECT_EQ(run.breaches[Property::no_lost_update].count, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Timed, WhoBeats,
    testing::Values(std::pair{"protocol: corrected", ""}, std::pair{"protocol: corrected", "ticks: 8, "},
                    std::pair{"protocol: L1c, heartbeat: true, lease_ticks: 4", "ticks: 6, "},
                    std::pair{"protocol: L1c, heartbeat: true, ageing: observer", "ticks: 6, "}));

// After more seconds than eight bits count, and than a world for the explorer has ticks.
TEST(TimedLease, ADeadHoldersLockIsTakenOverInSeconds) {
  const Scenario scenario = on_table("protocol: corrected", "count: 40",
                                     "for: 2d, apply: 2m, arrivals: {every: 8h}, crash_every: 30m");
  const RunFigures run = one_day(scenario);
  EXPECT_GT(run.holders_killed, 3U);
  EXPECT_EQ(run.breaches[Property::mutual_exclusion].count, 0U);
  EXPECT_EQ(run.breaches[Property::no_lost_update].count, 0U);
  for (const JobFigures& job : run.jobs) EXPECT_TRUE(job.end == JobEnd::done || job.end == JobEnd::killed);
  for (const std::uint64_t wait_s : sorted_waits_s(run)) EXPECT_LT(wait_s, 20U * 60);
}

TEST(TimedLease, AHolderThatIsPausedLosesItAndWritesNothing) {
  const Scenario scenario =
      on_table("protocol: corrected", "count: 20",
               "for: 1d, apply: 2m, arrivals: {burst: 3, every: {uniform: [1h, 1h]}}, pause_every: 20m, "
               "pause_for: {uniform: [1m, 2m]}");
  const RunFigures run = one_day(scenario);
  EXPECT_TRUE(std::ranges::any_of(run.jobs, [](const JobFigures& job) { return job.end == JobEnd::failed; }));
  EXPECT_EQ(run.breaches[Property::no_lost_update].count, 0U);
}

// A scheme of one's own: the same, by requests that renew.
TEST(TimedLease, ALeaseThatIsRenewedLastsAndOneThatIsNotDoesNot) {
  const auto one_burst = [](const std::string& settings) {
    const auto scenario = parse_scenario(
        "backend: {type: lease, " + settings + "}\nclient: {count: 3, lock_timeout: 10m}\n" +
            "time: {model: timed, ticks: 4, urgent: true, latency: {lease-store: 10ms}, plan: 0s, " +
            std::string(kBurst) + "}\n",
        "case.yaml", "case");
    EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
    return one_day(scenario ? *scenario : Scenario{});
  };
  EXPECT_EQ(one_burst("acquire: at-once").breaches[Property::mutual_exclusion].count, 0U);
  EXPECT_GT(one_burst("acquire: at-once, renews: false, watches_clock: false")
                .breaches[Property::mutual_exclusion]
                .count,
            0U);
}

}  // namespace
}  // namespace lockstorm::scenarios
