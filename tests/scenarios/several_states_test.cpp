// Two states, of which one reads the other: what fits no order, how it is told, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(SerialOrder, TwoThatReadWhatWasThereBeforeFitNone) {
  EXPECT_TRUE(fits_no_order({applied(1, 2), applied(1, 2)}, {false, true}));
  EXPECT_FALSE(fits_no_order({applied(1, 2), applied(2, 2)}, {false, true})) << "the first came first";
  EXPECT_FALSE(fits_no_order({applied(1, 2), applied(0, 2)}, {false, true})) << "the second reads nothing";
  EXPECT_FALSE(fits_no_order({applied(1, 2), applied(1, 0)}, {false, true})) << "it has not applied";
}

TEST(SerialOrder, ACircleMayHaveThree) {
  // The first used the other state as it was before the second, which comes before the third in its own,
  // which used the first one's.
  EXPECT_TRUE(fits_no_order({applied(2, 3), applied(0, 3), applied(1, 2)}, {false, true, false}) ||
              fits_no_order({applied(1, 3), applied(0, 2), applied(2, 2)}, {false, true, false}));
  EXPECT_FALSE(fits_no_order({applied(1, 2), applied(0, 2), applied(2, 3)}, {false, true, false}));
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
