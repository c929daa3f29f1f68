// Days in virtual time: equal bytes, fairness, crashes, operators, throttles, groups, and runs that never
// end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

using test::one_day;
using test::timed_case;

std::uint64_t count_of(const RunFigures& run, JobEnd end) {
  return static_cast<std::uint64_t>(std::ranges::count(run.jobs, end, &JobFigures::end));
}

TEST(TimedDay, EqualSeedsMakeEqualRuns) {
  const Scenario scenario = timed_case("count: 6, lock_timeout: 2m", "for: 4h, arrivals: {every: 10m}");
  EXPECT_EQ(one_day(scenario, 3).trace_hash, one_day(scenario, 3).trace_hash);
  EXPECT_NE(one_day(scenario, 3).trace_hash, one_day(scenario, 4).trace_hash);
}

TEST(TimedDay, FiguresDoNotDependOnThreads) {
  const Scenario scenario =
      timed_case("count: 6, lock_timeout: 2m", "for: 4h, arrivals: {every: 10m}, crash_every: 10h");
  const auto one = contend(scenario, {.runs = 30, .seed = 5, .threads = 1, .one_done = {}});
  const auto two = contend(scenario, {.runs = 30, .seed = 5, .threads = 2, .one_done = {}});
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->trace_hash, two->trace_hash);
  EXPECT_EQ(one->wait.p99_s.value, two->wait.p99_s.value);
  EXPECT_EQ(one->wait.p99_s.high, two->wait.p99_s.high);
  EXPECT_EQ(one->nanodollars_each.value, two->nanodollars_each.value);
}

// Whoever polls less often, because he has waited for longer, is passed by whoever has just come.
TEST(TimedDay, TheLocksOwnRetryIsUnfairAndAQueueIsNot) {
  const std::string day =
      "for: 2d, plan: 0s, apply: {uniform: [20s, 60s]}, arrivals: {burst: 10, within: 1m, every: {uniform: "
      "[1h, 1h]}}";
  const auto retry = contend(timed_case("count: 10, lock_timeout: 1h", day),
                             {.runs = 20, .seed = 1, .threads = 2, .one_done = {}});
  const auto queue = contend(timed_case("count: 10, lock_timeout: 1h", day + ", group: queue"),
                             {.runs = 20, .seed = 1, .threads = 2, .one_done = {}});
  ASSERT_TRUE(retry && queue);
  EXPECT_GT(retry->fairness.overtaken_share.low, 0.3);
  EXPECT_GE(retry->fairness.overtakings_max, 4U);
  EXPECT_EQ(queue->fairness.overtakings_max, 0U);
  EXPECT_LT(queue->wait.p99_s.high, retry->wait.p99_s.low);
}

// Whose lock file is refused and who then finds none, because it was deleted in between, does not wait at
// all, whatever its -lock-timeout (backend-protocols.md 3.2). Calls that take time leave room for that.
TEST(TimedDay, AFewFallIntoTheMomentInWhichTheLockIsFreed) {
  const auto scenario = parse_scenario(
      "backend: {type: s3, use_lockfile: true}\nclient: {count: 10, lock_timeout: 1h}\ntime: {model: timed, "
      "for: "
      "2d, plan: 0s, apply: {uniform: [20s, 60s]}, arrivals: {burst: 10, within: 1m, every: {uniform: [1h, "
      "1h]}}}\n",
      "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const auto result = contend(*scenario, {.runs = 10, .seed = 1, .threads = 2, .one_done = {}});
  ASSERT_TRUE(result);
  EXPECT_GT(result->ends.refused.low, 0.01);
  EXPECT_LT(result->ends.refused.high, 0.1);
}

TEST(TimedDay, WhoHasNoTimeoutGivesUpAtOnce) {
  const RunFigures run = one_day(timed_case(
      "count: 2", "for: 1h, plan: 0s, apply: 60s, arrivals: {burst: 5, every: {uniform: [2h, 2h]}}"));
  ASSERT_EQ(run.jobs.size(), 5U);
  EXPECT_EQ(count_of(run, JobEnd::done), 1U);
  EXPECT_EQ(count_of(run, JobEnd::gave_up), 4U);
  for (const JobFigures& job : run.jobs) EXPECT_EQ(job.lock_requests, 1U);
}

TEST(TimedDay, NobodyHasALockWhileAnotherHasIt) {
  const RunFigures run =
      one_day(timed_case("count: 9, lock_timeout: 10m", "for: 8h, arrivals: {every: 20m}"));
  ASSERT_GT(run.spans.size(), 50U);
  for (std::size_t i = 1; i < run.spans.size(); ++i)
    EXPECT_GE(run.spans[i].from_us, run.spans[i - 1].to_us) << i;
}

// A job on its own: its requests are those of the client code, and their price is that of the table.
TEST(TimedDay, RequestsArePricedByTheTable) {
  const RunFigures run = one_day(timed_case(
      "count: 1", "for: 1h, plan: 10s, apply: 60s, arrivals: {burst: 1, every: {uniform: [2h, 2h]}}"));
  ASSERT_EQ(run.jobs.size(), 1U);
  const JobFigures& job = run.jobs.front();
  EXPECT_EQ(job.end, JobEnd::done);
  EXPECT_EQ(job.ended_us - job.arrived_us, 70'000'000U);  // calls take no time
  EXPECT_EQ(job.lock_requests, 1U);
  // backend-protocols.md 3.1, 3.2: a listing, two puts (lock, state), a delete and the reads.
  EXPECT_EQ(job.nanodollars, 3 * 5'000 + (job.requests - 4) * 400U);
}

TEST(TimedDay, SplittingStatesLetsJobsRunSideBySide) {
  const std::string day = "for: 1h, plan: 0s, apply: 60s, arrivals: {burst: 4, every: {uniform: [2h, 2h]}}";
  EXPECT_EQ(count_of(one_day(timed_case("count: 4", day)), JobEnd::done), 1U);
  EXPECT_EQ(count_of(one_day(timed_case("count: 4", day + ", states: 4")), JobEnd::done), 4U);
}

TEST(TimedDay, AKilledHoldersLockStaysUntilSomebodyUnlocks) {
  const std::string day = "for: 12h, plan: 0s, apply: 10m, arrivals: {every: 1h}, crash_every: 1h";
  const auto alone = contend(timed_case("count: 3, lock_timeout: 10m", day),
                             {.runs = 20, .seed = 1, .threads = 2, .one_done = {}});
  const auto helped = contend(timed_case("count: 3, lock_timeout: 10m", day + ", unlock_after: 5m"),
                              {.runs = 20, .seed = 1, .threads = 2, .one_done = {}});
  ASSERT_TRUE(alone && helped);
  EXPECT_GT(alone->recovery.holders_killed, 10U);
  EXPECT_EQ(alone->recovery.recovered, 0U);
  EXPECT_EQ(alone->recovery.unrecovered, alone->recovery.holders_killed);
  EXPECT_GT(helped->recovery.recovered, 10U);
  EXPECT_GT(helped->recovery.p50_s, 300);  // not before the five minutes are over
  EXPECT_GT(helped->ends.done.low, alone->ends.done.high);
}

TEST(TimedDay, AServiceThatIsThrottledRefusesAndClientsComeAgain) {
  const std::string text =
      "backend: {type: s3, dynamodb_table: true}\nclient: {count: 30, lock_timeout: 10m}\n"
      "time: {model: timed, for: 1h, plan: 0s, apply: 1s, states: 30, arrivals: {burst: 30, every: {uniform: "
      "[2h, 2h]}}, "
      "throttle: "
      "{dynamodb: {rate: 5, burst: 5}}}\n";
  const auto scenario = parse_scenario(text, "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const RunFigures run = one_day(*scenario);
  EXPECT_GT(run.throttled, 30U);
  EXPECT_GT(count_of(run, JobEnd::done), 15U);
}

TEST(TimedDay, InAGroupThatKeepsTheNewestOthersAreCancelled) {
  const RunFigures run = one_day(timed_case("count: 6",
                                            "for: 1h, plan: 0s, apply: 60s, group: newest, arrivals: {burst: "
                                            "6, within: 10s, every: {uniform: [2h, 2h]}}"));
  EXPECT_EQ(count_of(run, JobEnd::done), 2U);
  EXPECT_EQ(count_of(run, JobEnd::cancelled), 4U);
  EXPECT_EQ(run.jobs.back().end, JobEnd::done);
}

// What never ends says what it waits for: one who would wait for a year, one for a lock that nobody removes.
TEST(TimedDay, ARunThatDoesNotEndIsCutOff) {
  const Scenario scenario =
      timed_case("count: 2, lock_timeout: 8000h",
                 "for: 1h, plan: 0s, apply: 50m, arrivals: {burst: 2, every: {uniform: [2h, 2h]}}");
  const auto world = timed_world(scenario);
  ASSERT_TRUE(world);
  const RunFigures run = run_day(*world, {.seed = 1, .most_events = 200});
  ASSERT_TRUE(run.stuck);
  EXPECT_EQ(run.stuck->waiting, 2U);
  EXPECT_EQ(run.jobs[0].end, JobEnd::running);
  EXPECT_FALSE(run.stuck->holder_is_dead);
}

TEST(TimedDay, WhoWaitsForADeadJobsLockIsNotWaitedFor) {
  const Scenario scenario =
      timed_case("count: 30, lock_timeout: 8000h",
                 "for: 1h, plan: 0s, apply: 50m, arrivals: {burst: 30, every: {uniform: [2h, "
                 "2h]}}, crash_every: 20h");
  unsigned cut_off = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const RunFigures run = one_day(scenario, seed);
    if (!run.stuck) continue;
    ++cut_off;
    ASSERT_TRUE(run.stuck->job && run.stuck->for_);
    EXPECT_EQ(run.jobs[*run.stuck->job].end, JobEnd::running);
    EXPECT_EQ(run.jobs[*run.stuck->for_].end, JobEnd::killed);
    EXPECT_TRUE(run.stuck->holder_is_dead);
  }
  EXPECT_GT(cut_off, 2U);
}

// A server that keeps sessions tells so many apart; a run with more is cut off, and says so.
TEST(TimedDay, MoreThanServersCanTellApartIsNotKnown) {
  const auto scenario = parse_scenario(
      "backend: {type: pg}\nclient: {count: 2, lock_timeout: 10m}\ntime: {model: timed, for: 1h, pipelines: "
      "200, "
      "apply: 5m, arrivals: {burst: 200, every: {uniform: [2h, 2h]}}}\n",
      "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const auto result = contend(*scenario, {.runs = 2, .seed = 1, .threads = 2, .one_done = {}});
  ASSERT_TRUE(result && result->stuck);
  EXPECT_EQ(result->cut_off, 2U);
  EXPECT_TRUE(result->stuck->is_crowded);
}

// No run is done in no time, and of none is anything known.
TEST(TimedDay, ABudgetOfTimeThatIsOverIsNotKnown) {
  const Scenario scenario = timed_case("count: 6, lock_timeout: 2m", "for: 4h, arrivals: {every: 10m}");
  const auto result = contend(
      scenario, {.runs = 5, .seed = 1, .threads = 1, .time = std::chrono::milliseconds(0), .one_done = {}});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->runs, 0U);
  EXPECT_EQ(result->wanted, 5U);
}

// PostgreSQL closes the session of a job that is gone, and with it goes the lock.
TEST(TimedDay, ASessionsLockGoesWithIt) {
  const auto scenario = parse_scenario(
      "backend: {type: pg}\nclient: {count: 40, lock_timeout: 10m}\n"
      "time: {model: timed, for: 2d, plan: 0s, apply: 2m, arrivals: {every: 3h}, crash_every: 2h}\n",
      "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const RunFigures run = one_day(*scenario);
  EXPECT_GT(run.jobs.size(), 300U);  // more than a server's sets have room for at once
  EXPECT_GT(run.holders_killed, 3U);
  EXPECT_LE(run.unrecovered, 1U);
  EXPECT_GT(count_of(run, JobEnd::done), run.jobs.size() / 2);
}

// The simplified table's client waits without a -lock-timeout: a second between two attempts, for ever.
TEST(TimedDay, WhoWaitsForALockOnATableIsMeasured) {
  const auto scenario = parse_scenario(
      "backend: {type: lock-table, protocol: L0}\nclient: {count: 3}\n"
      "time: {model: timed, for: 1h, latency: {lock-table: 0s, s3: 0s}, plan: 0s, apply: 60s, arrivals: "
      "{burst: 3, every: {uniform: [2h, 2h]}}}\n",
      "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const RunFigures run = one_day(*scenario);
  ASSERT_EQ(run.jobs.size(), 3U);
  std::vector<std::uint64_t> waits;
  for (const JobFigures& job : run.jobs) {
    EXPECT_EQ(job.end, JobEnd::done);
    EXPECT_TRUE(job.granted);
    EXPECT_EQ(job.at_once, job.lock_wait_us == 0);
    waits.push_back(job.lock_wait_us / 1'000'000);
  }
  std::ranges::sort(waits);
  EXPECT_EQ(waits[0], 0U);
  EXPECT_NEAR(static_cast<double>(waits[1]), 60, 1.01);
  EXPECT_NEAR(static_cast<double>(waits[2]), 120, 2.01);
  EXPECT_EQ(run.spans.size(), 3U);
  const auto result = contend(*scenario, {.runs = 2, .seed = 1, .threads = 1, .one_done = {}});
  ASSERT_TRUE(result);
  std::uint64_t counted = 0;
  for (const auto& bin : result->histogram.bins()) counted += bin.count;
  EXPECT_EQ(counted, 6U);
  EXPECT_EQ(result->waited, 4U);
}

TEST(TimedDay, InmemHasNothingToWaitFor) {
  const auto scenario = parse_scenario("backend: {type: inmem}\nclient: {count: 2}\n", "case.yaml", "case");
  ASSERT_TRUE(scenario) << scenario.error().render();
  EXPECT_FALSE(timed_world(*scenario));
}

}  // namespace
}  // namespace lockstorm::scenarios
