// What queueing theory knows, measured: M/D/1 and M/G/1, Little's law, and the wait behind a lock that is
// polled.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/time/counter_random.hpp"
#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

using test::one_day;
using test::timed_case;

void expect_within(const Estimate& measured, double known) {
  EXPECT_LE(measured.low, known) << measured.value;
  EXPECT_GE(measured.high, known) << measured.value;
  EXPECT_LT(measured.high - measured.low, known * 0.1) << "an interval that wide says nothing";
}

// Pollaczek and Khinchine: jobs that come by chance wait for a server that takes them in turn
// rho S / (2 (1 - rho)) if each takes S. A queue in front of the state is that server.
TEST(TimedValidation, JobsInAQueueWaitAsMD1Says) {
  const auto result = contend(
      timed_case("count: 1, lock_timeout: 1h",
                 "for: 20d, pipelines: 1, group: queue, plan: 0s, apply: 60s, arrivals: {every: 100s}"),
      {.runs = 40, .seed = 1, .threads = 2, .one_done = {}});
  ASSERT_TRUE(result);
  expect_within(result->wait.mean_s, 0.6 * 60 / (2 * (1 - 0.6)));
  expect_within(result->utilisation, 0.6);
}

// With a service time that varies: lambda E[S^2] / (2 (1 - rho)); uniform from 0 to 120 s has E[S^2] = 4800.
TEST(TimedValidation, JobsInAQueueWaitAsMG1Says) {
  const auto result = contend(timed_case("count: 1, lock_timeout: 1h",
                                         "for: 20d, pipelines: 1, group: queue, plan: 0s, apply: {uniform: "
                                         "[0s, 120s]}, arrivals: {every: 100s}"),
                              {.runs = 40, .seed = 2, .threads = 2, .one_done = {}});
  ASSERT_TRUE(result);
  expect_within(result->wait.mean_s, 4800.0 / 100 / (2 * (1 - 0.6)));
}

// Little: as many wait at any time as come in a second times the seconds that each waits. Not on average but
// of every run, as both count the same waits.
TEST(TimedValidation, LittlesLawHoldsOfEveryRun) {
  const Scenario scenario =
      timed_case("count: 8, lock_timeout: 5m, resources: 1",
                 "for: 12h, arrivals: {every: 10m}, plan: 20s, apply: 30s, crash_every: 20h");
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const RunFigures run = one_day(scenario, seed);
    std::uint64_t waits_us = 0;
    for (const JobFigures& job : run.jobs) waits_us += job.lock_wait_us;
    EXPECT_GT(waits_us, 0U);
    EXPECT_EQ(run.waiting_area_us, waits_us);
  }
}

std::uint64_t attempt_at_or_after(std::uint64_t seconds) {
  std::uint64_t at = 0;
  for (std::uint64_t pause = 1; at < seconds; pause = std::min<std::uint64_t>(pause * 2, 16)) at += pause;
  return at;
}

Scenario two_jobs(std::uint64_t second_s, const std::string& timeout) {
  Scenario scenario = timed_case("count: 2, lock_timeout: " + timeout,
                                 "for: 1h, plan: 0s, apply: 60s, arrivals: {every: 1h}");
  auto timed = std::make_shared<TimedSettings>(*scenario.timed);
  timed->arrivals.kind = ArrivalKind::recorded;
  // Half a second off, so that no attempt falls on the very moment in which the lock is freed.
  timed->arrivals.starts = {{0, 0}, {second_s * 1'000'000 + 500'000, 0}};
  scenario.timed = timed;
  return scenario;
}

// A lock that is polled after 1, 2, 4, 8, 16, 16 ... s is granted at the first attempt after it is free
// (backend-protocols.md 2.2).
TEST(TimedValidation, APolledLockIsGrantedAtTheNextAttempt) {
  for (const std::uint64_t second_s : {5U, 10U, 29U, 44U, 53U, 57U, 59U}) {
    const RunFigures run = one_day(two_jobs(second_s, "5m"));
    ASSERT_EQ(run.jobs.size(), 2U);
    EXPECT_EQ(run.jobs[0].lock_wait_us, 0U);
    EXPECT_EQ(run.jobs[1].lock_wait_us, attempt_at_or_after(60 - second_s) * 1'000'000) << second_s;
    EXPECT_EQ(run.jobs[1].end, JobEnd::done);
  }
}

// Who would have to wait beyond its deadline stops there, and not at an attempt (2.2).
TEST(TimedValidation, ADeadlineEndsTheWaitBetweenAttempts) {
  const RunFigures run = one_day(two_jobs(10, "40s"));
  EXPECT_EQ(run.jobs[1].end, JobEnd::gave_up);
  EXPECT_EQ(run.jobs[1].lock_wait_us, 40'000'000U);
  EXPECT_EQ(run.jobs[1].lock_requests, 6U);  // at 0, 1, 3, 7, 15, 31 s
}

// Somebody comes at any moment of the 60 s for which another has the lock. The mean wait is the integral of
// the step function above: (1 1 + 3 2 + 7 4 + 15 8 + 31 16 + 47 16 + 63 13) / 60.
TEST(TimedValidation, TheMeanWaitBehindOneHolderIsThatOfTheFormula) {
  Scenario scenario = timed_case("count: 2, lock_timeout: 5m", "for: 1d, plan: 0s, apply: 60s");
  auto timed = std::make_shared<TimedSettings>(*scenario.timed);
  timed->arrivals.kind = ArrivalKind::recorded;
  constexpr std::uint64_t kPairs = 4000;
  constexpr std::uint64_t kApart_us = 1000 * 1'000'000ULL;
  const auto offset = sim::Distribution::uniform(1, 60 * 1'000'000 - 1);
  const sim::CounterRandom random(11);
  timed->duration = std::chrono::hours(24 * 60);
  for (std::uint64_t i = 0; i < kPairs; ++i) {
    timed->arrivals.starts.push_back({i * kApart_us, 0});
    timed->arrivals.starts.push_back({i * kApart_us + offset.at(random.at(i)), 0});
  }
  scenario.timed = timed;
  const RunFigures run = one_day(scenario);
  double sum_s = 0;
  double squares = 0;
  for (std::size_t i = 1; i < run.jobs.size(); i += 2) {
    const double wait_s = static_cast<double>(run.jobs[i].lock_wait_us) / 1e6;
    sum_s += wait_s;
    squares += wait_s * wait_s;
  }
  const double mean_s = sum_s / kPairs;
  const double error_s = std::sqrt((squares / kPairs - mean_s * mean_s) / kPairs);
  EXPECT_NEAR(mean_s, 2222.0 / 60, 2 * error_s);
  EXPECT_LT(error_s, 0.5);
}

}  // namespace
}  // namespace lockstorm::scenarios
