// Time limits that are raised: in the unit that they are said in, and only where they are too short.
#include "scenarios/fixes/limit_edits.hpp"

#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

using pipeline::System;

std::string with_time(const std::string& line, std::chrono::minutes to = std::chrono::minutes(130)) {
  TextLines lines(line);
  return raise_limit(lines, 1, to) ? lines.text() : "refused";
}

TEST(RaiseLimit, KeepsUnitsAndComments) {
  EXPECT_EQ(with_time("    timeout-minutes: 20 # enough\n"), "    timeout-minutes: 130 # enough\n");
  EXPECT_EQ(with_time("{runs-on: x, timeout-minutes: 20, steps: []}\n"),
            "{runs-on: x, timeout-minutes: 130, steps: []}\n");
  EXPECT_EQ(with_time("  timeoutInMinutes: '60'\n"), "  timeoutInMinutes: '130'\n");
  EXPECT_EQ(with_time("  timeout(time: 1, unit: 'HOURS') {\n"), "  timeout(time: 3, unit: 'HOURS') {\n");
  EXPECT_EQ(with_time("  timeout(time: 30, unit: \"MINUTES\") {\n"),
            "  timeout(time: 130, unit: \"MINUTES\") {\n");
  EXPECT_EQ(with_time("  timeout(30) {\n"), "  timeout(130) {\n");
}

TEST(RaiseLimit, SaysTextsOfTimeAnewInMinutes) {
  EXPECT_EQ(with_time("  timeout: 1h 30m # gitlab\n"), "  timeout: 130m # gitlab\n");
  EXPECT_EQ(with_time("  timeout: 90 minutes\n"), "  timeout: 130m\n");
  EXPECT_EQ(with_time("  - run: timeout -s INT 600 terraform apply\n"),
            "  - run: timeout -s INT 130m terraform apply\n");
  EXPECT_EQ(with_time("  timeout --signal=INT 30m terraform apply\n"),
            "  timeout --signal=INT 130m terraform apply\n");
}

TEST(RaiseLimit, LeavesWhatItDoesNotUnderstandAndWhatIsLonger) {
  EXPECT_EQ(with_time("    timeout-minutes: 200\n"), "refused");
  EXPECT_EQ(with_time("    timeout-minutes: ${{ inputs.minutes }}\n"), "refused");
  EXPECT_EQ(with_time("  timeout $LIMIT terraform apply\n"), "refused");
  EXPECT_EQ(with_time("  - run: terraform apply -lock-timeout=5m\n"), "refused");
}

TEST(SetLimit, IsForSystemsWhoseDefaultIsShort) {
  const auto given = [](const std::string& text, System system) {
    TextLines lines(text);
    return set_limit(lines, system, 1, std::chrono::minutes(120)) ? lines.text() : "refused";
  };
  EXPECT_EQ(given("apply:\n  script: [x]\n", System::gitlab), "apply:\n  timeout: 120m\n  script: [x]\n");
  EXPECT_EQ(given("- job: apply\n  steps: []\n", System::azure),
            "- job: apply\n  timeoutInMinutes: 120\n  steps: []\n");
  EXPECT_EQ(given("apply: {script: [x]}\n", System::gitlab), "refused");
  EXPECT_EQ(given("  apply:\n    steps: []\n", System::github), "refused");
}

}  // namespace
}  // namespace lockstorm::scenarios
