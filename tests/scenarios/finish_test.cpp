// Whether everybody can still finish: by replays, campaigns and exported tests as by the explorer's graph.
#include "scenarios/search/finish.hpp"

#include <gtest/gtest.h>

#include "reports/gtest.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/search/walk_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

constexpr const char* kHangs = "lock-table/l0-3-crash";

Counterexample hang_of(const Scenario& scenario) {
  const VerifyResult result = verify(scenario, {});
  for (const Counterexample& counterexample : result.counterexamples) {
    if (counterexample.property == Property::progress) return counterexample;
  }
  ADD_FAILURE() << "no counterexample to progress";
  return {};
}

TEST(Finish, IsImpossibleWhereTheExplorerFindsAHang) {
  const Scenario scenario = find_scenario(kHangs).value();
  const auto world = build_world(scenario);
  const Counterexample hang = hang_of(scenario);
  EXPECT_FALSE(hang.ended);
  EXPECT_EQ(can_finish(*world, hang.schedule), Finish::impossible);
  for (std::size_t steps = 0; steps < hang.schedule.size(); ++steps) {
    const sim::Schedule shorter(hang.schedule.begin(),
                                hang.schedule.begin() + static_cast<std::ptrdiff_t>(steps));
    EXPECT_EQ(can_finish(*world, shorter), Finish::possible) << "after " << steps << " steps";
  }
}

TEST(Finish, OfManyPollingClientsIsFoundByGoingOnAtRandom) {
  const auto world = build_world(find_scenario("crowds/twenty-jobs-s3-lockfile").value());
  EXPECT_EQ(can_finish(*world, {}), Finish::possible);
}

TEST(Finish, IsUnknownWhereTheScheduleIsOfAnotherWorld) {
  const auto world = build_world(find_scenario(kHangs).value());
  EXPECT_EQ(can_finish(*world, {{5, 77}}), Finish::unknown);
}

TEST(Finish, AHangIsWhatCampaignsFindInRunsThatDoNotEnd) {
  const auto scenario =
      parse_scenario("backend: {type: lock-table, protocol: L0}\nfaults: {crash: 1}\ncheck: [progress]\n",
                     "hang.yaml", "hang");
  ASSERT_TRUE(scenario) << scenario.error().render();
  HuntOptions options;
  options.runs = 20'000;
  const HuntResult hunted = hunt(*scenario, options);
  EXPECT_EQ(hunted.result.verdict, Verdict::violated);
  EXPECT_EQ(hunted.counts.undecided, 0U);
  ASSERT_EQ(hunted.examples.size(), 1U);
  EXPECT_TRUE(hunted.examples[0].proved_smallest);
  EXPECT_EQ(hunted.result.counterexamples[0].faults, 1U);
}

TEST(Finish, ATestOfAHangFailsUntilItIsMended) {
  EXPECT_FALSE(reports::survives_replay(kHangs, hang_of(find_scenario(kHangs).value()).replay));
}

TEST(Finish, NobodyTellsAViolationThatLiveProcessesDoNotShow) {
  const Scenario scenario = find_scenario(kHangs).value();
  const auto world = build_world(scenario);
  const sim::Schedule schedule = hang_of(scenario).schedule;
  EXPECT_TRUE(tell_showing(scenario, *world, Property::progress, schedule));
  const auto other = tell_showing(scenario, *world, Property::no_lost_update, schedule);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().find("no-lost-update"), std::string::npos);
  EXPECT_FALSE(tell_showing(scenario, *world, Property::progress, {schedule.begin(), schedule.begin() + 2}));
}

}  // namespace
}  // namespace lockstorm::scenarios
