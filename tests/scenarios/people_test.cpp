// People who act by hand, locks that stand there from the beginning: how they are read, and what is refused.
#include "scenarios/world/people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/mechanism_words.hpp"
#include "reports/story/narrative.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using models::HandAct;
using testing::HasSubstr;

const std::string kLockFile = "backend: {type: s3, use_lockfile: true}\n";

InputError refused(const std::string& yaml) {
  const auto read = parse_scenario(yaml, "test.yaml", "test");
  EXPECT_FALSE(read) << yaml;
  return read ? InputError{} : read.error();
}

std::uint8_t times(const Scenario& scenario, HandAct act) {
  return scenario.force_unlock.by_hand[static_cast<std::size_t>(act)];
}

const Counterexample& first(const VerifyResult& result) {
  if (result.counterexamples.empty()) throw std::out_of_range("no counterexample: " + result.why);
  return result.counterexamples.front();
}

TEST(People, AreReadByWhatTheyDo) {
  const Scenario scenario = scenario_of(
      "backend: {type: s3, dynamodb_table: locks}\n"
      "operator: {delete_lock: 1, delete_digest: 2, restore_state: 1, restored_serial: new, target: any}\n");
  EXPECT_EQ(times(scenario, HandAct::delete_lock), 1);
  EXPECT_EQ(times(scenario, HandAct::delete_digest), 2);
  EXPECT_EQ(times(scenario, HandAct::restore_state), 1);
  EXPECT_EQ(times(scenario, HandAct::delete_state), 0);
  EXPECT_TRUE(scenario.force_unlock.new_serial);
  EXPECT_EQ(scenario.force_unlock.people(), 4);
}

TEST(People, CountInTheFingerprintOnlyWhereTheyAre) {
  const Scenario plain = scenario_of(kLockFile);
  EXPECT_EQ(fingerprint(plain), fingerprint(scenario_of(kLockFile + "operator: {delete_lock: 0}\n")));
  EXPECT_EQ(fingerprint(plain), fingerprint(scenario_of(kLockFile + "initial_lock: none\n")));
  EXPECT_NE(fingerprint(plain), fingerprint(scenario_of(kLockFile + "operator: {delete_lock: 1}\n")));
  EXPECT_NE(fingerprint(plain), fingerprint(scenario_of(kLockFile + "initial_lock: left\n")));
}

TEST(People, WhoCannotDoItAreToldWhatIsNearest) {
  const InputError lease = refused(kLockFile + "operator: {break_lease: 1}\n");
  EXPECT_THAT(lease.problem, HasSubstr("break_lease is impossible on s3 with use_lockfile"));
  EXPECT_EQ(lease.expected, "delete_lock");
  const InputError digest = refused(kLockFile + "operator: {delete_digest: 1}\n");
  EXPECT_THAT(digest.problem, HasSubstr("it keeps no digest beside the state"));
  EXPECT_THAT(digest.expected, HasSubstr("dynamodb_table"));
  const InputError local = refused("backend: {type: local}\noperator: {delete_lock: 1}\n");
  EXPECT_THAT(local.problem, HasSubstr("its lock is no record"));
  EXPECT_THAT(local.expected, HasSubstr("crash"));
  const InputError nothing = refused(kLockFile + "initial_state: empty\noperator: {restore_state: 1}\n");
  EXPECT_THAT(nothing.problem, HasSubstr("there is nothing"));
  const InputError other = refused(kLockFile + "operator: {force_unlock: 1, block: {type: gcs}}\n");
  EXPECT_THAT(other.problem, HasSubstr("another type"));
}

TEST(People, NoLockIsLeftWhereNoneOutlivesItsJob) {
  EXPECT_THAT(refused("backend: {type: pg}\ninitial_lock: left\n").problem,
              HasSubstr("no lock outlives its job on pg"));
  EXPECT_THAT(refused("backend: {type: local}\ninitial_lock: left\n").problem, HasSubstr("local"));
  const InputError nameless = refused(kLockFile + "initial_lock: nameless\n");
  EXPECT_THAT(nameless.problem, HasSubstr("a lock and its id are one record"));
  EXPECT_THAT(nameless.expected, HasSubstr("azurerm"));
}

// Everywhere else the lock of an earlier job keeps everybody out, and force-unlock lets everybody in.
TEST(People, ALeftLockIsClearedByForceUnlock) {
  for (const char* backend : {"{type: s3, use_lockfile: true}", "{type: s3, dynamodb_table: locks}",
                              "{type: gcs}", "{type: azurerm}", "{type: kubernetes}", "{type: remote}",
                              "{type: oci}", "{type: state_store}", "{type: oss, tablestore_table: locks}",
                              "{type: cos}", "{type: http, lock_address: true, unlock_address: true}"}) {
    SCOPED_TRACE(backend);
    const std::string base =
        std::string("backend: ") + backend + "\nclient: {count: 1}\ninitial_lock: left\n";
    const std::string check = "check: [no-lost-update]\n";
    EXPECT_EQ(verify(scenario_of(base + check), {}).verdict, Verdict::invalid);
    const VerifyResult cleared =
        verify(scenario_of(base + "operator: {force_unlock: 1, target: dead}\n" + check), {});
    EXPECT_EQ(cleared.verdict, Verdict::held) << cleared.why;
  }
}

// An act that nobody could have noticed has tested nothing.
TEST(People, WhoChangeNothingMakeARunInvalid) {
  const VerifyResult result =
      verify(scenario_of("backend: {type: remote}\nclient: {count: 1}\noperator: {restore_state: 1}\ncheck: "
                         "[no-lost-update]\n"),
             {});
  EXPECT_EQ(result.verdict, Verdict::invalid);
  EXPECT_THAT(result.why, HasSubstr("'restore_state' changed nothing"));
}

TEST(People, AreOneAdverseEventEachAndToldAsWhatTheyDo) {
  const VerifyResult deleted = verify(named("people/delete-state"), {});
  const Counterexample& counterexample = first(deleted);
  EXPECT_EQ(counterexample.property, Property::no_drift);
  EXPECT_EQ(counterexample.adverse_events, 1U);
  ASSERT_TRUE(counterexample.mechanism);
  EXPECT_THAT(reports::mechanism_text(*counterexample.mechanism), HasSubstr("with 1 delete_state"));
  EXPECT_THAT(reports::why(counterexample), HasSubstr("An operator deletes the state by hand"));
  const VerifyResult robbed = verify(named("people/delete-lock-of-anybody"), {});
  EXPECT_THAT(reports::why(first(robbed)), HasSubstr("The operator deletes client-"));
  const VerifyResult broken = verify(named("people/break-any-lease"), {});
  EXPECT_THAT(reports::why(first(broken)), HasSubstr("The operator breaks client-"));
}

// Whoever acts by hand is no client: that he has no lock is not what is wrong.
TEST(People, DoNotViolateExclusiveEffectsThemselves) {
  const VerifyResult result =
      verify(scenario_of(kLockFile +
                         "client: {count: 1}\noperator: {restore_state: 1}\ncheck: [exclusive-effects]\n"),
             {});
  EXPECT_EQ(result.verdict, Verdict::held) << result.why;
}

}  // namespace
}  // namespace lockstorm::scenarios
