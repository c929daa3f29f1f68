// What a scenario may say of virtual time, and how it is told what it may not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

std::expected<Scenario, InputError> with_time(const std::string& time,
                                              const std::string& file = "case.yaml") {
  return parse_scenario("backend: {type: s3, use_lockfile: true}\ntime:\n  model: timed\n  " + time + "\n",
                        file, "case");
}

struct Wrong {
  const char* time;
  const char* problem;
  unsigned line = 4;
};

TEST(TimedInput, SaysWhatIsWrongAndWhere) {
  const std::vector<Wrong> wrong{
      {"plan: -5s", "plan is '-5s'"},
      {"plan: 2 minutes", "plan is '2 minutes'"},
      {"plan: {normal: 5s}", "unknown distribution 'normal'"},
      {"plan: {uniform: [10s, 5s]}", "the least of uniform is above its most"},
      {"plan: {log_normal: {median: 20s}}", "log_normal has no median and p90"},
      {"plan: {log_normal: {median: 20s, p90: 10s}}", "p90 is below the median"},
      {"plan: {log_normal: {median: 1ms, p90: 1h}}", "p90 is more than 1000 times the median"},
      {"plan: {quantiles: {p50: 20s, p90: 10s, max: 1m}}", "p90 does not add up"},
      {"plan: {quantiles: {p90: 20s, p50: 30s, max: 1m}}", "p50 does not add up"},
      {"plan: {quantiles: {p50: 20s, p90: 30s}}", "quantiles do not add up: they end below max"},
      {"plan: {quantiles: {p101: 20s, max: 1m}}", "'p101' is no quantile"},
      {"plan: {samples: absent.csv}", "absent.csv cannot be read"},
      {"arrivals: {every: 0s}", "every is 0"},
      {"arrivals: {within: 3s}", "arrivals has no every"},
      {"arrivals: {every: 1h, within: 3s}", "within says how close the jobs of a burst are"},
      {"arrivals: {every: 1h, hours: [\"17:00\", \"9:00\"]}", "hours are not two times of a day"},
      {"arrivals: {every: 1h, hours: [\"25:00\", \"26:00\"]}", "hours are not two times of a day"},
      {"arrivals: {file: absent.csv}", "absent.csv cannot be read"},
      {"crash_every: 10ms", "crash_every is below a second"},
      {"lose_response: 2", "lose_response is '2'"},
      {"lose_response: -0.1", "lose_response is '-0.1'"},
      {"lose_response: 0.7", "lose_response is '0.7'"},
      {"lose_response: 0.5\n  lose_request: 0.4\n  server_error: 0.3", "do not add up: 1.2 of all calls"},
      {"throttle: {dynamodb: {rate: -3}}", "rate is no number of requests a second"},
      {"throttle: {dynamodb: {rate: 0}}", "rate is no number of requests a second"},
      {"throttle: {redis: {rate: 3}}", "unknown service 'redis'"},
      {"latency: {s4: 3ms}", "unknown service 's4'"},
      {"for: 0s", "for is 0"},
      {"for: 3h\n  arrivals: {every: 1h, hours: [\"9:00\", \"17:00\"]}", "`for` ends before the hours begin",
       5},
      {"states: 0", "states is '0'"},
      {"pipelines: 100001", "pipelines is '100001'"},
      {"group: fifo", "unknown group 'fifo'"},
      {"planing: 3s", "unknown key 'planing'"},
  };
  for (const Wrong& one : wrong) {
    const auto scenario = with_time(one.time);
    ASSERT_FALSE(scenario) << one.time;
    EXPECT_THAT(scenario.error().problem, HasSubstr(one.problem)) << one.time;
    EXPECT_EQ(scenario.error().where.line, one.line) << one.time;
    EXPECT_GT(scenario.error().where.column, 0U);
    EXPECT_FALSE(scenario.error().expected.empty()) << one.time;
  }
}

// What only the world of a scenario can tell, before anything runs.
TEST(TimedInput, SaysWhatNoRunCouldDo) {
  const auto problem_of = [](const std::string& time) {
    const auto scenario = with_time(time);
    EXPECT_TRUE(scenario) << time;
    const auto world = timed_world(*scenario);
    return world ? std::string() : world.error().render();
  };
  EXPECT_THAT(problem_of("pipelines: 100000\n  for: 365d\n  arrivals: {every: 1ms}"),
              HasSubstr("jobs would start in one run"));
  EXPECT_THAT(
      problem_of("pipelines: 100000\n  for: 365d\n  arrivals: {every: 1m, hours: [\"9:00\", \"17:00\"]}"),
      HasSubstr("8000000 at the most"));
  EXPECT_THAT(problem_of("latency: {s3.PutObjekt: 3s}"), HasSubstr("no request 's3.PutObjekt'"));
  EXPECT_EQ(problem_of("latency: {s3.PutObject: 3s, dynamodb.PutItem: 1s}"), "");
}

TEST(TimedInput, KeysOfVirtualTimeGoWithItsModel) {
  const auto scenario = parse_scenario("backend: {type: s3}\ntime: {plan: 3s}\n", "case.yaml", "case");
  ASSERT_FALSE(scenario);
  EXPECT_THAT(scenario.error().problem, HasSubstr("plan goes with model: timed"));
}

TEST(TimedInput, WhatIsNotSaidIsStandard) {
  const auto scenario = with_time("pipelines: 3");
  ASSERT_TRUE(scenario) << scenario.error().render();
  ASSERT_TRUE(scenario->timed);
  EXPECT_EQ(scenario->timed->pipelines, 3U);
  EXPECT_EQ(scenario->timed->duration, std::chrono::hours(8));
  EXPECT_EQ(scenario->timed->plan, sim::Distribution::log_normal(20'000'000, 60'000'000));
}

// What is said of virtual time changes nothing that is explored or replayed.
TEST(TimedInput, LeavesFingerprintsAlone) {
  const auto plain = parse_scenario("backend: {type: s3, use_lockfile: true}\n", "case.yaml", "case");
  const auto timed = with_time("pipelines: 3");
  ASSERT_TRUE(plain && timed);
  EXPECT_EQ(fingerprint(*plain), fingerprint(*timed));
}

class TimedFiles : public testing::Test {
 protected:
  TimedFiles() { std::filesystem::create_directories(folder_); }
  ~TimedFiles() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  [[nodiscard]] auto read(const std::string& time) const {
    return with_time(time, (folder_ / "case.yaml").string());
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("lockstorm-timed-" + std::to_string(::getpid()));
};

TEST_F(TimedFiles, StartsAndSamplesLieBesideTheScenario) {
  write("starts.csv", "# job starts\n2026-11-30T10:00:00Z\n2026-11-30T10:02:30Z,2\r\n\n");
  write("plans.csv", "20s\n1m\n250ms\n");
  const auto scenario = read("states: 2\n  arrivals: {file: starts.csv}\n  plan: {samples: plans.csv}");
  ASSERT_TRUE(scenario) << scenario.error().render();
  const auto& starts = scenario->timed->arrivals.starts;
  ASSERT_EQ(starts.size(), 2U);
  EXPECT_EQ(starts[1].at_us, 150'000'000U);
  EXPECT_EQ(starts[1].state, 1U);
  EXPECT_EQ(scenario->timed->plan, sim::Distribution::samples({250'000, 20'000'000, 60'000'000}));
}

TEST_F(TimedFiles, SaysWhatIsWrongInThem) {
  write("empty.csv", "# nothing\n");
  write("wrong.csv", "10\nnoon\n");
  write("back.csv", "2026-11-30T10:00:00Z\n2026-11-30T09:00:00Z\n");
  EXPECT_THAT(read("arrivals: {file: empty.csv}").error().problem, HasSubstr("the trace is empty"));
  EXPECT_THAT(read("arrivals: {file: wrong.csv}").error().problem, HasSubstr("line 2 of wrong.csv"));
  EXPECT_THAT(read("arrivals: {file: back.csv}").error().problem, HasSubstr("line 2 of back.csv"));
  EXPECT_THAT(read("plan: {samples: empty.csv}").error().problem, HasSubstr("has no durations"));
}

}  // namespace
}  // namespace lockstorm::scenarios
