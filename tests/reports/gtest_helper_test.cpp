// The GoogleTest helper says what was found, and a failing test can be run again on nothing but that.
#include "reports/gtest.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "scenarios/files/library.hpp"

namespace lockstorm::reports {
namespace {

scenarios::Scenario named(const std::string& name) { return scenarios::find_scenario(name).value(); }

scenarios::HuntOptions few_runs() {
  scenarios::HuntOptions options;
  options.runs = 2'000;
  return options;
}

class ReplayVariable {
 public:
  explicit ReplayVariable(const std::string& value) { setenv(kReplayVariable, value.c_str(), 1); }
  ~ReplayVariable() { unsetenv(kReplayVariable); }
  ReplayVariable(const ReplayVariable&) = delete;
  ReplayVariable& operator=(const ReplayVariable&) = delete;
};

TEST(Survives, AWorldInWhichNothingIsViolated) {
  EXPECT_TRUE(survives(named("s3/lockfile/terraform/no-faults"), few_runs()));
}

TEST(Survives, NotWhatLosesUpdatesAndSaysHowToSeeItAgain) {
  const scenarios::Scenario scenario = named("s3/unlocked");
  const testing::AssertionResult failure = survives(scenario, few_runs());
  ASSERT_FALSE(failure);
  const std::string message = failure.message();
  EXPECT_NE(message.find("--gtest_filter=Survives.NotWhatLosesUpdatesAndSaysHowToSeeItAgain"),
            std::string::npos);
  const std::size_t begin = message.rfind("LOCKSTORM_REPLAY=") + 17;
  const std::string replay = message.substr(begin, message.find(' ', begin) - begin);

  const ReplayVariable variable(replay);
  EXPECT_FALSE(survives(scenario));
  const testing::AssertionResult other = survives(named("s3/lockfile/terraform/no-faults"));
  EXPECT_NE(std::string(other.message()).find("another scenario"), std::string::npos);
}

TEST(Survives, SaysWhatIsWrongWithAReplayString) {
  const ReplayVariable variable("LS1-broken");
  EXPECT_FALSE(survives(named("s3/unlocked")));
}

}  // namespace
}  // namespace lockstorm::reports
