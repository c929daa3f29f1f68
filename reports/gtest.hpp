// Campaigns in GoogleTest: `EXPECT_TRUE(reports::survives(scenario))`. Header only: whoever includes it links
// GoogleTest.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "reports/text/text_report.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::reports {

/// The environment variable that makes a test run one schedule and nothing else.
inline constexpr const char* kReplayVariable = "LOCKSTORM_REPLAY";

/// Hunts; a failure shows the counterexample and the line that runs this test on nothing else.
inline testing::AssertionResult survives(const scenarios::Scenario& scenario,
                                         scenarios::HuntOptions options = {}) {
  bool replays = false;
  if (const char* text = std::getenv(kReplayVariable)) {  // NOLINT(concurrency-mt-unsafe): read by one thread
    const auto replay = sim::decode_replay(text);
    if (!replay) return testing::AssertionFailure() << kReplayVariable << ": " << replay.error();
    if (replay->fingerprint != scenarios::fingerprint(scenario))
      return testing::AssertionFailure()
             << kReplayVariable << " was recorded with another scenario than '" << scenario.name << "'";
    options.replay = {replay->schedule};
    options.runs = 0;
    replays = true;
  }
  const scenarios::HuntResult hunted = scenarios::hunt(scenario, options);
  if (!hunted.result.counterexamples.empty()) {
    testing::AssertionResult failure = testing::AssertionFailure();
    failure << text_findings(hunted.result, {.colour = false, .width = 100});
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    if (test != nullptr)
      failure << "\nThis test again, with this schedule: " << kReplayVariable << "="
              << hunted.result.counterexamples.front().replay
              << " THIS-PROGRAM --gtest_filter=" << test->test_suite_name() << "." << test->name() << "\n";
    return failure;
  }
  if (replays) return testing::AssertionSuccess() << "the replayed schedule violates nothing";
  if (hunted.result.verdict != scenarios::Verdict::held)
    return testing::AssertionFailure()
           << scenarios::verdict_name(hunted.result.verdict) << ": " << hunted.result.why;
  return testing::AssertionSuccess();
}

/// The scenario by that name or in that file survives a hunt; the schedule that once broke it is tried first.
inline testing::AssertionResult survives_replay(const std::string& scenario, const std::string& replay) {
  const auto found = scenarios::find_scenario(scenario);
  if (!found) return testing::AssertionFailure() << found.error().render();
  scenarios::HuntOptions options;
  const auto decoded = sim::decode_replay(replay);
  // In a world that has been mended the schedule may mean nothing any more.
  if (decoded && decoded->fingerprint == scenarios::fingerprint(*found)) options.replay = {decoded->schedule};
  return survives(*found, std::move(options));
}

}  // namespace lockstorm::reports
