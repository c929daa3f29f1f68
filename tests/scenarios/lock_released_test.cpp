// `lock-released`: whose lock is left, how, and what is told of it; and the twins that leave none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/ci/json_report.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/narrative.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using How = LeftLock::How;
using testing::HasSubstr;
using testing::IsEmpty;

VerifyResult verified(const std::string& name) { return verify(*find_scenario(name), {.explain = false}); }

VerifyResult verified_text(const std::string& yaml) {
  const auto scenario = parse_scenario(yaml, "s.yaml", "s");
  EXPECT_TRUE(scenario) << scenario.error().render();
  return verify(*scenario, {.explain = false});
}

How how_of(const VerifyResult& result) {
  const Counterexample* found = result.counterexample_of(Property::lock_released);
  EXPECT_NE(found, nullptr);
  if (found == nullptr || found->left_locks.empty()) {
    ADD_FAILURE() << "no lock is told of";
    return How::nobodys;
  }
  return found->left_locks.front().how;
}

TEST(LockReleased, TellsHowTheLockWasLeft) {
  EXPECT_EQ(how_of(verified("remote/opentofu/unlock-refused-while-pending")), How::unlock_failed);
  EXPECT_EQ(how_of(verified("remote/terraform/lock-kept-on-purpose")), How::kept_on_purpose);
  EXPECT_EQ(how_of(verified("http/server/opentofu/lock-address-only")), How::no_way);
  EXPECT_EQ(how_of(verified("s3/lockfile/terraform/lost-response")), How::unaware);
  EXPECT_EQ(how_of(verified("lock-released/force-unlock-pg")), How::still_named);
}

TEST(LockReleased, NeedsNoFaultWhereTheServerIsBusy) {
  const VerifyResult result = verified("remote/opentofu/unlock-refused-while-pending");
  const Counterexample* found = result.counterexample_of(Property::lock_released);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->faults, 0U);
  EXPECT_THAT(std::string(reports::headline_of(*found)), HasSubstr("stay behind"));
  EXPECT_THAT(reports::why(*found), HasSubstr("its lock stays"));
}

TEST(LockReleased, WhatIsKeptOnPurposeIsToldAsSuch) {
  const VerifyResult result = verified("remote/terraform/lock-kept-on-purpose");
  const Counterexample* found = result.counterexample_of(Property::lock_released);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(std::string(reports::headline_of(*found)), HasSubstr("on purpose"));
}

// A lock of a killed job is somebody else's business: who has to act is told, with the command.
TEST(LockReleased, AKilledJobLeavesNone) {
  const VerifyResult result = verified("lock-released/killed-after-interrupt");
  EXPECT_EQ(result.properties.at(Property::lock_released), Verdict::held);
  EXPECT_EQ(result.properties.at(Property::stale_lock_recovery), Verdict::held);
  EXPECT_EQ(result.recovery, Recovery::person);
  EXPECT_THAT(reports::recovery_text(result.scenario, result.recovery),
              HasSubstr("terraform force-unlock LOCK_ID"));
  const auto json = reports::json_result(result, "verify");
  EXPECT_EQ(json["properties"]["stale-lock-recovery"]["who_has_to_act"], "person");
}

TEST(LockReleased, WhoHasToActDependsOnTheLock) {
  const auto recovery = [](const std::string& backend) {
    return verified_text("backend: " + backend + "\nclient: {count: 1}\nfaults: {crash: 1}\n").recovery;
  };
  EXPECT_EQ(recovery("{type: local}"), Recovery::nobody);
  EXPECT_EQ(recovery("{type: pg}"), Recovery::nobody);
  EXPECT_EQ(recovery("{type: consul}"), Recovery::time);
  EXPECT_EQ(recovery("{type: gcs}"), Recovery::person);
  EXPECT_EQ(recovery("{type: azurerm}"), Recovery::no_way);
}

// The same block on either tool: Terraform's force-unlock says that it has worked.
TEST(LockReleased, ForceUnlockWithoutALockOfItsOwn) {
  EXPECT_EQ(how_of(verified("lock-released/force-unlock-without-lock")), How::still_named);
  const VerifyResult refused = verified("lock-released/force-unlock-without-lock-opentofu");
  EXPECT_EQ(refused.properties.at(Property::lock_released), Verdict::held);
  EXPECT_EQ(refused.invalidity, Invalidity::none) << "the operator has acted";
}

TEST(LockReleased, ForceUnlockThatWorksIsNoViolation) {
  for (const char* backend :
       {"{type: gcs}", "{type: s3, use_lockfile: true}", "{type: kubernetes}", "{type: remote}"}) {
    const VerifyResult result =
        verified_text(std::string("backend: ") + backend +
                      "\nclient: {count: 2}\noperator: {force_unlock: 1}\nfaults: {crash: 1}\n");
    EXPECT_EQ(result.properties.at(Property::lock_released), Verdict::held) << backend;
  }
}

TEST(LockReleased, MeansNothingWithoutALock) {
  EXPECT_FALSE(verified_text("backend: {type: s3}\nclient: {count: 2}\n")
                   .properties.contains(Property::lock_released));
}

// The record of one fleet's lock speaks for nobody of the other.
TEST(LockReleased, MixedBlocksRaiseNoAlarm) {
  for (const char* client :
       {"[{count: 1}, {count: 1, use_lockfile: false, dynamodb_table: t}]",
        "[{count: 1}, {count: 1, use_lockfile: false}]", "[{count: 1}, {count: 1, lock: false}]",
        "[{command: init -migrate-state, migrate_to: {type: gcs}}, {}]",
        "[{command: init -migrate-state, migrate_to: {dynamodb_table: t}}, {}]"}) {
    for (const char* faults : {"{}", "{crash: 1}", "{pause: 1}"}) {
      const VerifyResult result =
          verified_text(std::string("backend: {type: s3, use_lockfile: true}\nclient: ") + client +
                        "\nfaults: " + faults + "\n");
      EXPECT_EQ(result.properties.at(Property::lock_released), Verdict::held) << client << " " << faults;
    }
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
