// Pull requests and what runs them: what is found, by which mechanism, how it is told, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::HasSubstr;

std::string refusal(const std::string& yaml) {
  const auto read = parse_scenario(yaml, "s.yaml", "s");
  return read ? std::string("none") : read.error().render();
}

TEST(OrchestratorWorlds, ApprovedIsAppliedMeansSomethingWhereSomebodyApproves) {
  const auto applies = [](const std::string& yaml) {
    return build_world(scenario_of(yaml))->applicable.contains(Property::approved_is_applied);
  };
  const std::string orchestrator = "backend: {type: s3}\norchestrator: {type: atlantis}\n";
  EXPECT_TRUE(applies(orchestrator + "client: {count: 1, pull_request: 1, command: [approve, plan -out]}\n"));
  EXPECT_FALSE(applies(orchestrator + "client: {count: 1, pull_request: 1, command: plan -out}\n"));
  EXPECT_FALSE(applies("backend: {type: s3}\nclient: {command: [plan -out, apply PLANFILE]}\n"));
}

TEST(OrchestratorWorlds, ThePlanThatIsTakenIsTheViolatingEvent) {
  const VerifyResult result = verify(named("issues/atlantis-6825"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::approved_is_applied);
  ASSERT_NE(found, nullptr);
  ASSERT_TRUE(found->mechanism);
  EXPECT_EQ(found->mechanism->event.service, "orchestrator");
  EXPECT_EQ(found->mechanism->event.operation, "read plan");
  EXPECT_EQ(found->mechanism->event.command, "apply PLANFILE");
  EXPECT_TRUE(found->mechanism->adversity.empty());
  EXPECT_THAT(reports::why(*found), HasSubstr("was not made from the commit that was approved"));
  EXPECT_THAT(reports::prevention(result.scenario, *found), HasSubstr("directory_lock: database"));
}

TEST(OrchestratorWorlds, ASuccessForNothingIsTheOtherOne) {
  const VerifyResult result = verify(named("issues/atlantis-215"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::approved_is_applied);
  ASSERT_NE(found, nullptr);
  ASSERT_TRUE(found->mechanism);
  EXPECT_EQ(found->mechanism->event.operation, "report");
  EXPECT_THAT(reports::why(*found), HasSubstr("what was approved has not been applied"));
  EXPECT_THAT(reports::prevention(result.scenario, *found), HasSubstr("without_plan: refuses"));
}

TEST(OrchestratorWorlds, PreventionGoesByTheRules) {
  const auto prevention = [](const std::string& name) {
    const VerifyResult result = verify(named(name), {.explain = false});
    const Counterexample* found = result.counterexample_of(Property::approved_is_applied);
    return found == nullptr ? std::string("held") : reports::prevention(result.scenario, *found);
  };
  EXPECT_THAT(prevention("issues/atlantis-1122"), HasSubstr("keeps_dropped_plans: false"));
  EXPECT_THAT(prevention("orchestrators/stale-approval"), HasSubstr("approval: newest"));
}

TEST(OrchestratorWorlds, ALockOfTheOwnPullRequestIsItsOwn) {
  const VerifyResult result = verify(named("issues/digger-1590"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::progress);
  ASSERT_NE(found, nullptr);
  ASSERT_FALSE(found->wrong.empty());
  EXPECT_EQ(found->wrong.front().how, EndFault::How::sibling_refused);
}

TEST(OrchestratorWorlds, WhatCannotBeIsRefusedByName) {
  const std::string backend = "backend: {type: s3}\n";
  const std::string orchestrator = backend + "orchestrator: {type: atlantis}\n";
  EXPECT_THAT(refusal(backend + "client: {count: 1, command: approve}\n"),
              HasSubstr("'approve' happens to pull requests"));
  EXPECT_THAT(refusal(backend + "client: {pull_request: 1, command: plan -out}\n"),
              HasSubstr("pull_request without an orchestrator"));
  EXPECT_THAT(refusal(orchestrator + "client: {command: apply}\n"),
              HasSubstr("an orchestrator without pull requests"));
  EXPECT_THAT(refusal(orchestrator + "client: {pull_request: 1, command: apply}\n"),
              HasSubstr("an orchestrator does not run 'apply'"));
  EXPECT_THAT(refusal(backend + "orchestrator: {type: atlantiss}\nclient: {pull_request: 1}\n"),
              HasSubstr("atlantis"));
  EXPECT_THAT(refusal(backend + "orchestrator: {replicas: 3}\nclient: {pull_request: 1}\n"),
              HasSubstr("1 to 2"));
  EXPECT_THAT(refusal(backend + "orchestrator: {locks_in: none}\nclient: {pull_request: 1}\n"),
              HasSubstr("database"));
}

TEST(OrchestratorWorlds, RulesAsUsualLeaveNoTraceInTheFingerprint) {
  const std::string begin = "backend: {type: s3}\norchestrator: {";
  const std::string end = "}\nclient: {pull_request: 1, command: plan -out}\n";
  EXPECT_EQ(fingerprint(scenario_of(begin + "type: custom" + end)),
            fingerprint(scenario_of(begin + "replicas: 1, approval: newest" + end)));
  EXPECT_NE(fingerprint(scenario_of(begin + "replicas: 1" + end)),
            fingerprint(scenario_of(begin + "replicas: 2" + end)));
}

}  // namespace
}  // namespace lockstorm::scenarios
