// Which resources a state records and a configuration has, and what is read and told of that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/narrative.hpp"
#include "reports/story/words.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::HasSubstr;

std::expected<Scenario, InputError> read(const std::string& client, const std::string& rest = {}) {
  return parse_scenario("backend: {type: s3, use_lockfile: true}\nclient: " + client + "\n" + rest, "s.yaml",
                        "s");
}

std::string complaint(const std::string& client, const std::string& rest = {}) {
  const auto scenario = read(client, rest);
  return scenario ? std::string("none") : scenario.error().render();
}

Verdict drift(const std::string& client, const std::string& rest = {}) {
  const auto scenario = read(client, rest);
  EXPECT_TRUE(scenario) << scenario.error().render();
  return verify(*scenario, {.explain = false}).properties.at(Property::no_drift);
}

TEST(InitialState, MayRecordOtherResourcesThanTheConfigurationHas) {
  EXPECT_EQ(initial_snapshot(*read("{resources: 3}")).instance[2], 1);
  const Scenario fewer = *read("{resources: 3}", "initial_state: {resources: 1}");
  EXPECT_EQ(initial_snapshot(fewer).instance[0], 1);
  EXPECT_EQ(initial_snapshot(fewer).instance[1], 0);
  EXPECT_NE(fingerprint(fewer), fingerprint(*read("{resources: 3}")));
  EXPECT_THAT(reports::bounds_text(fewer), HasSubstr("3 resources (1 recorded at first)"));
  const Scenario none = *read("{resources: 1}", "initial_state: {resources: 0}");
  EXPECT_TRUE(initial_snapshot(none).exists());
}

TEST(InitialState, RefusesWhatCannotBe) {
  EXPECT_THAT(complaint("{resources: 1}", "initial_state: {resources: 5}"), HasSubstr("resources"));
  EXPECT_THAT(complaint("{resources: 1}", "initial_state: {lineage: a}"), HasSubstr("unknown key 'lineage'"));
  EXPECT_THAT(complaint("{command: import}", "initial_state: {resources: 1}"),
              HasSubstr("records already what is to be imported"));
  EXPECT_THAT(complaint("{resources: 1}", "initial_state: full"), HasSubstr("initial_state"));
}

TEST(Removes, AreNumbersOfResourcesThatTheConfigurationLacks) {
  EXPECT_EQ(read("{resources: 1, removes: [2, 4]}")->client.removes, 0b1010);
  EXPECT_THAT(complaint("{resources: 2, removes: [2]}"), HasSubstr("that the configuration has"));
  EXPECT_THAT(complaint("{resources: 1, removes: [5]}"), HasSubstr("'5' is no number of a resource"));
  EXPECT_THAT(complaint("{resources: 1, removes: 2}"), HasSubstr("not a list"));
  EXPECT_NE(fingerprint(*read("{removes: [2]}")), fingerprint(*read("{}")));
}

TEST(Runner, IsReadAndTold) {
  EXPECT_EQ(read("{}")->client.runner, Runner::persistent);
  const Scenario ephemeral = *read("{runner: ephemeral}");
  EXPECT_EQ(ephemeral.client.runner, Runner::ephemeral);
  EXPECT_NE(fingerprint(ephemeral), fingerprint(*read("{}")));
  EXPECT_THAT(reports::bounds_text(ephemeral), HasSubstr("thrown away"));
  EXPECT_THAT(complaint("{runner: none}"), HasSubstr("runner"));
}

TEST(Runner, IsInTheNameOfAnAuditsConfiguration) {
  Scenario scenario = *read("{runner: ephemeral}", "initial_state: empty");
  const std::string name = audit_name(scenario);
  EXPECT_THAT(name, HasSubstr("/jobs=2,first-apply,ephemeral/"));
  const auto back = scenario_of_audit_name(name);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->client.runner, Runner::ephemeral);
  EXPECT_EQ(fingerprint(*back), fingerprint(scenario));
}

// Each violation beside the twin that somebody meant.
TEST(Destruction, IsDriftOnlyWhereNobodyAskedForIt) {
  const std::string two = "initial_state: {resources: 2}";
  EXPECT_EQ(drift("{count: 1}", two), Verdict::violated);
  EXPECT_EQ(drift("{count: 1, removes: [2]}", two), Verdict::held);
  EXPECT_EQ(drift("{count: 1, removes: [3]}", two), Verdict::violated);
  EXPECT_EQ(drift("{count: 1, command: destroy}", two), Verdict::held);
  EXPECT_EQ(drift("{count: 1, command: [plan -out, apply PLANFILE]}", two), Verdict::held);
  EXPECT_EQ(drift("{count: 1, command: plan}", two), Verdict::held);
  EXPECT_EQ(drift("{count: 1, command: refresh}", two), Verdict::held);
  EXPECT_EQ(drift("{count: 1, tool: opentofu}", two), Verdict::violated);
  EXPECT_EQ(drift("[{resources: 2}, {resources: 2}]", two), Verdict::held);
}

TEST(Destruction, IsToldWithItsStep) {
  const VerifyResult result = verify(*find_scenario("drift/configuration-without-the-resource"), {});
  const Counterexample* found = result.counterexample_of(Property::no_drift);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->faults, 0U);
  EXPECT_THAT(found->steps.back().text, HasSubstr("which its configuration lacks"));
  EXPECT_THAT(reports::why(*found), HasSubstr("nobody has said that it shall go"));
}

TEST(Vanished, IsToldOfTheSaveThatStoredSomebodyElses) {
  const VerifyResult result = verify(*find_scenario("lost-update/import-vanishes"), {});
  const Counterexample* found = result.counterexample_of(Property::no_lost_update);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(reports::why(*found), HasSubstr("what it was to save is stored nowhere"));
}

TEST(Mixture, IsToldOfItsReader) {
  const VerifyResult result = verify(*find_scenario("readers/plan-large-terraform"), {});
  const Counterexample* found = result.counterexample_of(Property::state_integrity);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(reports::why(*found), HasSubstr("client-2 takes no lock"));
}

}  // namespace
}  // namespace lockstorm::scenarios
