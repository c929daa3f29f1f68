// The truth table of the gate: which finding fails, and if not, why.
#include "scenarios/gate/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/data/date.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Finding finding_of(const char* id, Grade grade) {
  Finding finding;
  finding.rule = *rule_of_id(id);
  finding.grade = grade;
  return finding;
}

Acceptance acceptance_of(const char* rule, const char* expires = nullptr,
                         std::vector<std::string> paths = {}) {
  static unsigned line = 0;
  Acceptance acceptance{*RulePattern::parse(rule), "a reason", std::nullopt, std::move(paths), {}};
  if (expires != nullptr) acceptance.expires = *parse_date(expires);
  acceptance.where = {".lockstorm.yaml", ++line, 3};
  return acceptance;
}

AuditedState state_at(const char* directory, const char* completed_by = "") {
  AuditedState state;
  state.directory = directory;
  state.completed_by = completed_by;
  return state;
}

GateRules rules_of(const char* today = "2026-11-30") {
  GateRules rules;
  rules.today = *parse_date(today);
  return rules;
}

Baseline baseline_with(const char* path, const char* rule, const char* completed_by = "") {
  return {"./.lockstorm-baseline.json", {{{{path, completed_by}, rule}, {".lockstorm-baseline.json", 5, 5}}}};
}

const std::vector<std::filesystem::path> kHere{"."};

Outcome outcome_of(const Finding& finding, const GateRules& rules, std::vector<Acceptance> ignores = {},
                   const AuditedState& state = state_at("live/app")) {
  Gate gate(rules, kHere, kAllAdversities);
  const std::vector<StateAtGate> states{{&state, std::move(ignores)}};
  return gate.judge(std::span(&finding, 1), states)[0][0].outcome;
}

TEST(Gate, WhatIsNewFailsAtOrAboveTheGrade) {
  GateRules rules = rules_of();
  const auto at = [&](Grade grade) { return outcome_of(finding_of("LS-S3-310", grade), rules); };
  EXPECT_EQ(at(Grade::critical), Outcome::fails);
  EXPECT_EQ(at(Grade::high), Outcome::fails);
  EXPECT_EQ(at(Grade::medium), Outcome::below);
  rules.fail_on = {Grade::info};
  EXPECT_EQ(at(Grade::info), Outcome::fails);
  rules.fail_on = {std::nullopt};
  EXPECT_EQ(at(Grade::critical), Outcome::below) << "never";
}

TEST(Gate, WhatNoBackendCanPreventNeverFails) {
  GateRules rules = rules_of();
  rules.fail_on = {Grade::info};
  Finding finding = finding_of("LS-S3-802", Grade::info);
  finding.is_inherent = true;
  EXPECT_EQ(outcome_of(finding, rules), Outcome::inherent);
  rules.accept = {acceptance_of("LS-S3-802", "2020-01-01")};
  EXPECT_EQ(outcome_of(finding, rules), Outcome::inherent) << "whatever somebody says of it";
}

TEST(Gate, WhatIsAcceptedDoesNotFailUntilItExpires) {
  const Finding finding = finding_of("LS-S3-310", Grade::critical);
  GateRules rules = rules_of("2026-11-30");
  rules.accept = {acceptance_of("LS-S3-310")};
  EXPECT_EQ(outcome_of(finding, rules), Outcome::accepted);
  rules.accept = {acceptance_of("LS-S3-310", "2026-11-30")};
  EXPECT_EQ(outcome_of(finding, rules), Outcome::accepted) << "the last day counts";
  rules.accept = {acceptance_of("LS-S3-310", "2026-11-29")};
  EXPECT_EQ(outcome_of(finding, rules), Outcome::expired);
  rules.accept.push_back(acceptance_of("LS-S3-*"));
  EXPECT_EQ(outcome_of(finding, rules), Outcome::accepted) << "another one still holds";
  rules.accept = {acceptance_of("LS-S3-312")};
  EXPECT_EQ(outcome_of(finding, rules), Outcome::fails) << "of another rule";
}

TEST(Gate, AnExpiredAcceptanceFailsOnlyWhatWouldFailWithoutIt) {
  GateRules rules = rules_of();
  rules.accept = {acceptance_of("LS-S3-310", "2026-01-31")};
  EXPECT_EQ(outcome_of(finding_of("LS-S3-310", Grade::medium), rules), Outcome::below);
  rules.baseline = baseline_with("live/app", "LS-S3-310");
  EXPECT_EQ(outcome_of(finding_of("LS-S3-310", Grade::medium), rules), Outcome::known);
  EXPECT_EQ(outcome_of(finding_of("LS-S3-310", Grade::high), rules), Outcome::expired)
      << "a day that somebody has set outranks the baseline";
}

TEST(Gate, TellsWhoAcceptedItAndUntilWhen) {
  GateRules rules = rules_of();
  rules.accept = {acceptance_of("LS-S3-310", "2026-12-01"), acceptance_of("LS-S3-310", "2027-03-01")};
  Gate gate(rules, kHere, kAllAdversities);
  const Finding finding = finding_of("LS-S3-310", Grade::high);
  const AuditedState state = state_at("live/app");
  const std::vector<StateAtGate> states{{&state, {}}};
  const Standing standing = gate.judge(std::span(&finding, 1), states)[0][0];
  EXPECT_EQ(standing.reason, "a reason");
  EXPECT_EQ(standing.expires, *parse_date("2027-03-01"));
  EXPECT_EQ(standing.where, rules.accept[1].where);
  EXPECT_TRUE(gate.report().date_decides);
}

TEST(Gate, AcceptancesCanBeAboutSomeStatesOnly) {
  const Finding finding = finding_of("LS-S3-310", Grade::high);
  const auto in = [&](const char* glob, const AuditedState& state) {
    GateRules rules = rules_of();
    rules.accept = {acceptance_of("LS-S3-310", nullptr, {glob})};
    return outcome_of(finding, rules, {}, state);
  };
  EXPECT_EQ(in("live/app", state_at("live/app")), Outcome::accepted);
  EXPECT_EQ(in("live/app", state_at("./live/../live/app/")), Outcome::accepted);
  EXPECT_EQ(in("live", state_at("live/app")), Outcome::accepted) << "of a directory above";
  EXPECT_EQ(in("live/", state_at("live/app")), Outcome::accepted);
  EXPECT_EQ(in("./live/*", state_at("live/app")), Outcome::accepted);
  EXPECT_EQ(in("*/app", state_at("live/eu/app")), Outcome::accepted);
  EXPECT_EQ(in(".", state_at("live/app")), Outcome::accepted);
  EXPECT_EQ(in("config/prod.*", state_at("live/app", "config/prod.tfbackend")), Outcome::accepted);
  EXPECT_EQ(in("config/prod.*", state_at("live/app", "config/dev.tfbackend")), Outcome::fails);
  EXPECT_EQ(in("live/ap", state_at("live/app")), Outcome::fails);
  EXPECT_EQ(in("app", state_at("live/app")), Outcome::fails) << "paths begin where the policy is";
}

TEST(Gate, CommentsCountForTheirState) {
  const Finding finding = finding_of("LS-S3-310", Grade::high);
  EXPECT_EQ(outcome_of(finding, rules_of(), {acceptance_of("LS-S3-310")}), Outcome::accepted);
  EXPECT_EQ(outcome_of(finding, rules_of(), {acceptance_of("LS-S3-310", "2026-11-29")}), Outcome::expired);
}

TEST(Gate, WhatIsInTheBaselineIsKnown) {
  GateRules rules = rules_of();
  rules.baseline = baseline_with("live/app", "LS-S3-310");
  EXPECT_EQ(outcome_of(finding_of("LS-S3-310", Grade::critical), rules), Outcome::known);
  EXPECT_EQ(outcome_of(finding_of("LS-S3-310", Grade::low), rules), Outcome::known);
  EXPECT_EQ(outcome_of(finding_of("LS-S3-312", Grade::critical), rules), Outcome::fails) << "another rule";
  const Finding finding = finding_of("LS-S3-310", Grade::critical);
  EXPECT_EQ(outcome_of(finding, rules, {}, state_at("live/db")), Outcome::fails) << "another state";
  EXPECT_EQ(outcome_of(finding, rules, {}, state_at("live/app", "dev.tfbackend")), Outcome::fails)
      << "completed by another file";
}

// Judges one finding in live/app by a baseline, and says what has become of the baseline.
Gate judged(const Baseline& baseline, const std::vector<std::filesystem::path>& audited,
            Adversities faults = kAllAdversities, std::vector<Acceptance> accept = {}) {
  GateRules rules = rules_of();
  rules.baseline = baseline;
  rules.accept = std::move(accept);
  Gate gate(rules, audited, faults);
  const Finding finding = finding_of("LS-S3-300", Grade::critical);
  const AuditedState state = state_at("live/app");
  const std::vector<StateAtGate> states{{&state, {}}};
  (void)gate.judge(std::span(&finding, 1), states);
  return gate;
}

TEST(Gate, TellsWhatIsGoneFromTheBaseline) {
  const Baseline baseline = baseline_with("live/app", "LS-S3-310");
  const auto gone = [](const Gate& gate) { return gate.report().gone.size(); };
  EXPECT_EQ(gone(judged(baseline, {"."})), 1U);
  EXPECT_EQ(gone(judged(baseline, {"live"})), 1U);
  EXPECT_EQ(gone(judged(baseline, {"elsewhere"})), 0U) << "nobody looked there";
  EXPECT_EQ(gone(judged(baseline, {"."}, adversity_bit(Adversity::crash))), 0U)
      << "nobody looked for late requests";
  EXPECT_EQ(gone(judged(baseline_with("live/app", "LS-S3-300"), {"."})), 0U) << "it is there";
}

TEST(Gate, ANewBaselineKeepsWhatWasNotLookedFor) {
  const KnownFinding found{{"live/app", ""}, "LS-S3-300"};
  const KnownFinding old{{"live/app", ""}, "LS-S3-310"};
  const KnownFinding elsewhere{{"other", ""}, "LS-S3-310"};
  EXPECT_THAT(judged(baseline_with("live/app", "LS-S3-310"), {"."}).all_known(), ElementsAre(found));
  EXPECT_THAT(judged(baseline_with("live/app", "LS-S3-310"), {"live"}, 0).all_known(),
              ElementsAre(found, old));
  EXPECT_THAT(judged(baseline_with("other", "LS-S3-310"), {"live"}).all_known(),
              ElementsAre(found, elsewhere));
  EXPECT_THAT(
      judged(baseline_with("live/app", "LS-S3-310"), {"."}, kAllAdversities, {acceptance_of("LS-S3-300")})
          .all_known(),
      IsEmpty())
      << "what is accepted is no part of it";
  EXPECT_THAT(judged(baseline_with("live/app", "LS-S3-310"), {"."}, kAllAdversities,
                     {acceptance_of("LS-S3-300", "2020-01-01")})
                  .all_known(),
              ElementsAre(found))
      << "unless that has expired";
}

TEST(Gate, AcceptancesThatAreAboutNothingAreTold) {
  const Acceptance used = acceptance_of("LS-S3-300");
  const Acceptance idle = acceptance_of("LS-S3-312");
  const auto idle_lines = [&](const std::vector<std::filesystem::path>& audited, Adversities faults) {
    return judged(baseline_with("x", "LS-S3-300"), audited, faults, {used, idle}).report().idle;
  };
  EXPECT_THAT(idle_lines({"."}, kAllAdversities), ElementsAre(idle.where));
  EXPECT_THAT(idle_lines({".."}, kAllAdversities), ElementsAre(idle.where));
  EXPECT_THAT(idle_lines({"live"}, kAllAdversities), IsEmpty()) << "it may be about another state";
  EXPECT_THAT(idle_lines({"."}, 0), IsEmpty()) << "it may be about a fault that was not tried";

  GateRules rules = rules_of();
  Gate gate(rules, kHere, kAllAdversities);
  const AuditedState state = state_at("live/app");
  const std::vector<StateAtGate> states{{&state, {idle}}};
  (void)gate.judge({}, states);
  EXPECT_THAT(gate.report().idle, ElementsAre(idle.where)) << "a comment in a state that has no finding";
}

}  // namespace
}  // namespace lockstorm::scenarios
