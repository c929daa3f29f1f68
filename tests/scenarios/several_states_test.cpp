// Two states, of which one reads the other: what fits no order, how it is told, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/serial_order.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::HasSubstr;

models::StateSnapshot state_with(std::uint8_t serial) {
  models::StateSnapshot state;
  state.lineage = sim::Who::predecessor();
  state.serial = serial;
  return state;
}

models::Outcome applied(std::uint8_t used, std::uint8_t wrote) {
  models::Outcome outcome;
  if (used > 0) outcome.used = state_with(used);
  if (wrote > 0) outcome.wrote = state_with(wrote);
  return outcome;
}

// Stored by somebody who left no outcome, as a job that was killed.
models::StateSnapshot stored(std::uint8_t serial, std::uint8_t made_from) {
  models::StateSnapshot state = state_with(serial);
  if (made_from > 0) state.made_from = state_with(made_from).version();
  return state;
}

bool skewed(const std::vector<models::Outcome>& outcomes, const std::vector<bool>& is_other,
            const StandingStates& standing = {}) {
  return fits_no_order(outcomes, is_other, standing);
}

TEST(SerialOrder, TwoThatReadWhatWasThereBeforeFitNone) {
  EXPECT_TRUE(skewed({applied(1, 2), applied(1, 2)}, {false, true}));
  EXPECT_FALSE(skewed({applied(1, 2), applied(2, 2)}, {false, true})) << "the first came first";
  EXPECT_FALSE(skewed({applied(1, 2), applied(0, 2)}, {false, true})) << "the second reads nothing";
  EXPECT_FALSE(skewed({applied(1, 2), applied(1, 0)}, {false, true})) << "it has not applied";
}

TEST(SerialOrder, ACircleMayHaveThree) {
  // The first used the other state as it was before the second, which comes before the third in its own,
  // which used the first one's.
  EXPECT_TRUE(skewed({applied(2, 3), applied(0, 3), applied(1, 2)}, {false, true, false}) ||
              skewed({applied(1, 3), applied(0, 2), applied(2, 2)}, {false, true, false}));
  EXPECT_FALSE(skewed({applied(1, 2), applied(0, 2), applied(2, 3)}, {false, true, false}));
}

TEST(SerialOrder, WhatAKilledJobStoredCountsAsLongAsItStands) {
  EXPECT_TRUE(skewed({{}, applied(1, 2)}, {false, true}, {stored(2, 1), stored(2, 1)}));
  EXPECT_TRUE(skewed({{}, {}}, {false, true}, {stored(2, 1), stored(2, 1)})) << "both were killed";
  EXPECT_FALSE(skewed({{}, applied(1, 2)}, {false, true}, {stored(1, 0), stored(2, 1)}))
      << "nothing came of it";
  EXPECT_FALSE(skewed({{}, applied(1, 2)}, {false, true}, {stored(2, 2), stored(2, 1)})) << "it came second";
  EXPECT_FALSE(skewed({{}, applied(1, 2)}, {false, true}, {stored(3, 2), stored(2, 1)}))
      << "made anew by somebody who used the other's";
}

TEST(SerialOrder, WhatOnlyItsJobTakesForSavedCountsNothing) {
  EXPECT_FALSE(skewed({applied(1, 2), applied(1, 2)}, {false, true}, {stored(1, 0), stored(2, 1)}))
      << "an answer that was made up, or an older version put back";
  models::StateSnapshot others = stored(2, 2);
  others.writer = sim::Who::process(2);
  EXPECT_FALSE(skewed({applied(1, 2), applied(1, 2)}, {false, true}, {others, stored(2, 1)}))
      << "another version stands in its place";
  models::StateSnapshot anew = stored(2, 0);
  anew.lineage = sim::Who::process(0);
  EXPECT_TRUE(skewed({applied(1, 2), applied(1, 2)}, {false, true}, {anew, stored(2, 1)}))
      << "of a history of its own nobody can tell";
}

VerifyResult verified_of(const std::string& yaml) { return verify(scenario_of(yaml), {.explain = false}); }

std::string refusal(const std::string& backend, const std::string& clients) {
  const auto read = parse_scenario("backend: " + backend + "\nclient: " + clients + "\n", "s.yaml", "s");
  return read ? std::string("none") : read.error().render();
}

TEST(SeveralStates, AWriteSkewIsTheFirstCounterexample) {
  const VerifyResult result = verify(named("several-states/write-skew"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::state_integrity);
  ASSERT_NE(found, nullptr);
  ASSERT_FALSE(found->wrong.empty());
  EXPECT_EQ(found->wrong.front().how, EndFault::How::write_skew);
  EXPECT_EQ(found->faults, 0U);
  EXPECT_THAT(std::string(reports::headline_of(*found)), HasSubstr("write skew"));
  EXPECT_THAT(reports::why(*found), HasSubstr("fits no order"));
  EXPECT_THAT(reports::prevention(result.scenario, *found), HasSubstr("group"));
}

TEST(SeveralStates, TwoTablesExcludeNobody) {
  const VerifyResult result = verify(named("several-states/one-bucket-two-tables"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::mutual_exclusion);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->faults, 0U);
  EXPECT_THAT(reports::prevention(result.scenario, *found), HasSubstr("One table of locks"));
  EXPECT_THAT(found->services, testing::IsSupersetOf({"dynamodb", "dynamodb (other table)"}));
}

TEST(SeveralStates, AKilledJobsStateCountsInAWriteSkew) {
  const VerifyResult result = verify(named("several-states/write-skew-killed"), {.explain = false});
  const Counterexample* found = result.counterexample_of(Property::state_integrity);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->wrong.front().how, EndFault::How::write_skew);
  EXPECT_TRUE(std::ranges::any_of(
      found->steps, [](const CounterexampleStep& step) { return step.kind == sim::MoveKind::crash; }));
}

TEST(SeveralStates, AreKeptApart) {
  const Scenario scenario = named("several-states/write-skew");
  ASSERT_EQ(scenario.fleets.size(), 2U);
  EXPECT_FALSE(scenario.fleets[0].client.is_other_state);
  EXPECT_TRUE(scenario.fleets[1].client.is_other_state);
  const auto world = build_world(scenario);
  EXPECT_TRUE(world->places.has_two_states());
  EXPECT_FALSE(world->applicable.contains(Property::mutual_exclusion)) << "one client for each state";
  // Two clients of the second one exclude each other, and nobody of the first one.
  const auto both =
      build_world(scenario_of("backend: {type: s3, use_lockfile: true}\n"
                              "client: [{key: a}, {key: b, count: 2, reads: a}]\n"));
  EXPECT_TRUE(both->applicable.contains(Property::mutual_exclusion));
}

TEST(SeveralStates, EachHasItsOwnLock) {
  const VerifyResult locked = verified_of(
      ("backend: {type: s3, use_lockfile: true}\nclient: [{key: a}, {key: b, count: 2, reads: a}]\n"
       "check: [mutual-exclusion, exclusive-effects, own-lock-only]\n"));
  EXPECT_EQ(locked.verdict, Verdict::held) << locked.why;
  const VerifyResult unlocked = verified_of(
      ("backend: {type: s3}\nclient: [{key: a}, {key: b, count: 2, reads: a}]\ncheck: [mutual-exclusion]\n"));
  EXPECT_EQ(unlocked.verdict, Verdict::violated) << unlocked.why;
}

TEST(SeveralStates, WhatCannotBeIsRefusedByName) {
  const std::string s3 = "{type: s3}";
  EXPECT_THAT(refusal(s3, "[{key: a}, {key: b}]"), HasSubstr("reads: ..."));
  EXPECT_THAT(refusal(s3, "[{key: a}, {key: b, reads: c}]"), HasSubstr("no other fleet's state is 'c'"));
  EXPECT_THAT(refusal(s3, "[{key: a}, {key: b, reads: b}]"), HasSubstr("reads the state it writes"));
  EXPECT_THAT(refusal(s3, "[{key: a}, {key: b, reads: a}, {key: c}]"), HasSubstr("a third state"));
  EXPECT_THAT(refusal("{type: inmem}", "[{workspace: a}, {workspace: b, reads: a}]"),
              HasSubstr("workspaces are not kept apart on inmem"));
  EXPECT_THAT(refusal("{type: pg}", "[{schema_name: a}, {schema_name: b, reads: a}]"),
              HasSubstr("common locks on pg"));
  EXPECT_THAT(refusal(s3, "[{key: a, read_lock: apply}, {key: b, reads: a}]"),
              HasSubstr("read_lock of no other"));
  EXPECT_THAT(refusal("{type: s3, key: a}", "{reads: shared}"), testing::StrEq("none"))
      << "nobody writes that one";
}

}  // namespace
}  // namespace lockstorm::scenarios
