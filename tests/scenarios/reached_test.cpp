// Nothing is proved by nobody: a command that never succeeds makes a run invalid unless it is meant to.
#include "scenarios/search/reached.hpp"

#include <gtest/gtest.h>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/hunt/hunt.hpp"
#include "scenarios/search/expectation.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

VerifyResult searched(const std::string& yaml) { return verify(scenario_of(yaml), VerifyOptions{}); }

const CommandReached& of(const VerifyResult& result, std::string_view command, std::size_t nth = 0) {
  for (const CommandReached& one : result.reached) {
    if (one.name() == command && nth-- == 0) return one;
  }
  throw std::out_of_range("no such command");
}

const std::string kTwoApplies = "backend: {type: s3, use_lockfile: true}\n";
/// The second command finds what the first has taken into the state.
const std::string kImportTwice =
    "backend: {type: s3, use_lockfile: true}\n"
    "client: {count: 1, command: [import, import], resources: 2}\n";

TEST(Success, OfEveryCommandIsNeeded) {
  const VerifyResult result = searched(kImportTwice);
  EXPECT_EQ(result.verdict, Verdict::invalid);
  EXPECT_EQ(result.invalidity, Invalidity::nobody_succeeds);
  EXPECT_EQ(result.why,
            "client's 'import' never succeeds in any run without faults; it always ends: found the "
            "resource in the state already");
  EXPECT_TRUE(of(result, "import", 0).succeeds());
  EXPECT_FALSE(of(result, "import", 1).succeeds());
}

TEST(Success, IsNamedByJob) {
  const VerifyResult result = searched(
      "backend: {type: s3, use_lockfile: true}\n"
      "client: [{command: plan, resources: 2}, {command: [import, import], resources: 2}]\n");
  EXPECT_EQ(result.verdict, Verdict::invalid);
  EXPECT_TRUE(result.why.starts_with("client-2's 'import' never succeeds")) << result.why;
}

// Not one run for all commands together: of two jobs that make a workspace only one succeeds in a run.
TEST(Success, MayComeInDifferentRuns) {
  const VerifyResult result = searched(
      "backend: {type: pg, workspace: p}\n"
      "client: {count: 2, command: workspace new}\ninitial_state: empty\n");
  EXPECT_NE(result.invalidity, Invalidity::nobody_succeeds) << result.why;
}

TEST(Success, ThatNeedsAnOperatorDoesNotCount) {
  const VerifyResult result = searched(
      "backend: {type: lock-table, protocol: L0, stale_lock: true, long_apply: false}\n"
      "client: {count: 1}\noperator: {force_unlock: 1, target: any}\ncheck: [no-lost-update]\n");
  EXPECT_TRUE(of(result, "apply").succeeds());  // once the operator has removed the lock
  EXPECT_EQ(result.verdict, Verdict::invalid);
  EXPECT_EQ(result.invalidity, Invalidity::nobody_succeeds);
}

TEST(Success, ViolationsOutrankItsLack) {
  const VerifyResult result = searched(
      "backend: {type: s3}\n"
      "client: [{command: apply}, {command: [import, import], resources: 2}]\n");
  EXPECT_EQ(result.verdict, Verdict::violated);
  EXPECT_EQ(result.invalidity, Invalidity::none);
}

TEST(Never, MakesRefusalLegal) {
  const std::string yaml =
      "backend: {type: lock-table, protocol: L1c, long_apply: false, held_lock: true}\n"
      "client: {count: 1}\ntime: {ticks: 4, urgent: true}\ncheck: [own-lock-only]\n";
  EXPECT_EQ(searched(yaml).invalidity, Invalidity::nobody_succeeds);
  const VerifyResult result = searched(yaml + "expect: {never: [apply]}\n");
  EXPECT_EQ(result.invalidity, Invalidity::none) << result.why;
  EXPECT_TRUE(unexpected_verdicts(result).empty());
}

TEST(Never, FailsWhereTheCommandSucceeds) {
  const VerifyResult result = searched(kTwoApplies + "expect: {never: [apply]}\n");
  ASSERT_EQ(unexpected_verdicts(result).size(), 1U);
  EXPECT_EQ(unexpected_verdicts(result).front(), "never: 'apply' of client-1 and client-2 succeeds");
}

TEST(Goals, AreReachedByCommand) {
  const VerifyResult result = searched(kTwoApplies + "client: {lock_timeout: 5m}\n");
  const CommandReached& apply = of(result, "apply");
  EXPECT_EQ(apply.jobs, "client-1 and client-2");
  EXPECT_TRUE(apply.goals.contains(models::Goal::granted_at_once));
  EXPECT_TRUE(apply.goals.contains(models::Goal::granted_after_waiting));
  EXPECT_FALSE(apply.goals.contains(models::Goal::recovered));
  const VerifyResult impatient = searched(kTwoApplies);
  EXPECT_TRUE(of(impatient, "apply").goals.contains(models::Goal::refused));
  EXPECT_FALSE(of(impatient, "apply").goals.contains(models::Goal::granted_after_waiting));
}

TEST(Goals, ThatNoRunReachesAreNotAsExpected) {
  const std::string expect = "expect: {reached: [granted-at-once, granted-after-waiting]}\n";
  EXPECT_TRUE(unexpected_verdicts(searched(kTwoApplies + "client: {lock_timeout: 5m}\n" + expect)).empty());
  const auto differences = unexpected_verdicts(searched(kTwoApplies + expect));
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences.front(), "reached: no run reaches granted-after-waiting");
}

TEST(Goals, OfAnOperatorAreReached) {
  const VerifyResult result = searched(
      kTwoApplies + "operator: {force_unlock: 1}\nfaults: {crash: 1}\nexpect: {reached: [recovered]}\n");
  EXPECT_TRUE(of(result, "force-unlock").goals.contains(models::Goal::recovered));
  EXPECT_TRUE(unexpected_verdicts(result).empty());
}

TEST(Expect, RefusesWhatNobodyRunsOrReaches) {
  const auto error = [](const std::string& expect) {
    const auto scenario = parse_scenario(kTwoApplies + "expect: " + expect + "\n", "test.yaml", "test");
    return scenario ? std::string() : scenario.error().render();
  };
  EXPECT_NE(error("{never: [import]}").find("no client runs 'import'"), std::string::npos);
  EXPECT_NE(error("{never: [aply]}").find("did you mean 'apply'?"), std::string::npos);
  EXPECT_NE(error("{reached: [recoverd]}").find("did you mean 'recovered'?"), std::string::npos);
  EXPECT_NE(error("{never: apply}").find("never is not a list"), std::string::npos);
  EXPECT_NE(error("{reached: []}").find("reached is not a list"), std::string::npos);
}

// ---- bounded time ----

const std::string kOwnLock =
    "backend: {type: lock-table, protocol: L0, long_apply: false}\nclient: {count: 1}\n"
    "faults: {lose_response: 1}\n";

TEST(BoundedTime, HidesNoViolation) {
  EXPECT_EQ(searched(kOwnLock).properties.at(checkers::Property::progress), Verdict::violated);
  const VerifyResult result = searched(kOwnLock + "time: {ticks: 4, urgent: true}\n");
  EXPECT_GT(result.explored.cut_off, 0U);
  EXPECT_EQ(result.properties.at(checkers::Property::progress), Verdict::unknown);
  EXPECT_EQ(result.properties.at(checkers::Property::stale_lock_recovery), Verdict::unknown);
  EXPECT_EQ(result.properties.at(checkers::Property::state_integrity), Verdict::unknown);
  EXPECT_EQ(result.properties.at(checkers::Property::own_lock_only), Verdict::held);
  EXPECT_EQ(result.verdict, Verdict::unknown);
  EXPECT_NE(result.why.find("cut off by the end of time (4 ticks)"), std::string::npos) << result.why;
}

TEST(BoundedTime, ExpectedToLeaveThingsOpenItIsAsExpected) {
  const std::string clock = "time: {ticks: 4, urgent: true}\ncheck: [own-lock-only, progress]\n";
  const VerifyResult said = searched(kOwnLock + clock + "expect: {own-lock-only: held, progress: unknown}\n");
  EXPECT_TRUE(unexpected_verdicts(said).empty());
  EXPECT_EQ(verdict_as_expected(said), Verdict::held);
  const VerifyResult unsaid = searched(kOwnLock + clock + "expect: {own-lock-only: held}\n");
  EXPECT_EQ(verdict_as_expected(unsaid), Verdict::unknown);
  EXPECT_EQ(unexpected_verdicts(searched(kOwnLock + clock + "expect: {progress: held}\n")).size(), 1U);
}

// ---- other engines and questions ----

TEST(Hunt, IsInvalidWhereVerifyIs) {
  HuntOptions options;
  options.runs = 2'000;
  const auto hunted = [&](const std::string& yaml) { return hunt(scenario_of(yaml), options).result; };
  const VerifyResult second = hunted(kImportTwice);
  EXPECT_EQ(second.verdict, Verdict::invalid);
  EXPECT_EQ(second.why, searched(kImportTwice).why);
  const std::string idle_operator =
      "backend: {type: s3, use_lockfile: true}\nclient: {command: plan, lock: false}\n"
      "operator: {force_unlock: 1}\n";
  EXPECT_EQ(searched(idle_operator).invalidity, Invalidity::operator_never_acts);
  EXPECT_EQ(hunted(idle_operator).invalidity, Invalidity::operator_never_acts);
  const VerifyResult fine = hunted(kTwoApplies);
  EXPECT_EQ(fine.verdict, Verdict::held) << fine.why;
  EXPECT_TRUE(of(fine, "apply").succeeds());
}

TEST(Hunt, LeavesOpenWhatTimeCutsOff) {
  HuntOptions options;
  options.runs = 2'000;
  options.all = true;
  const VerifyResult result =
      hunt(scenario_of(kOwnLock + "time: {ticks: 4, urgent: true}\n"), options).result;
  EXPECT_EQ(result.properties.at(checkers::Property::progress), Verdict::unknown);
  EXPECT_EQ(result.properties.at(checkers::Property::own_lock_only), Verdict::held);
}

VerifyResult result_of(Verdict verdict, Invalidity invalidity) {
  VerifyResult result;
  result.verdict = verdict;
  result.invalidity = invalidity;
  result.properties[checkers::Property::mutual_exclusion] =
      verdict == Verdict::violated ? Verdict::violated : Verdict::held;
  return result;
}

TEST(AuditAndMatrix, AreInvalidWhereNobodySucceeds) {
  const std::vector<VerifyResult> nobody{result_of(Verdict::held, Invalidity::none),
                                         result_of(Verdict::invalid, Invalidity::nobody_succeeds)};
  EXPECT_EQ(audit_verdict(nobody), Verdict::invalid);
  EXPECT_EQ(conclude_audit(nobody).front().verdict, Verdict::invalid);
  EXPECT_EQ(conclude_row(nobody).front().verdict, Verdict::invalid);
  const std::vector<VerifyResult> no_such_fault{result_of(Verdict::held, Invalidity::none),
                                                result_of(Verdict::invalid, Invalidity::fault_never_fired)};
  EXPECT_EQ(audit_verdict(no_such_fault), Verdict::held);
  EXPECT_EQ(conclude_row(no_such_fault).front().verdict, Verdict::held);
  const std::vector<VerifyResult> violated{result_of(Verdict::violated, Invalidity::none),
                                           result_of(Verdict::invalid, Invalidity::nobody_succeeds)};
  EXPECT_EQ(audit_verdict(violated), Verdict::violated);
  EXPECT_EQ(conclude_row(violated).front().verdict, Verdict::violated);
}

}  // namespace
}  // namespace lockstorm::scenarios
