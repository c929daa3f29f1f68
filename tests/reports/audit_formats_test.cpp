// What audits write for other tools but SARIF: true to the findings, and as their readers want it.
#include "reports/campaigns/audit_formats.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reports/campaigns/reported.hpp"
#include "tests/reports/audited_tree.hpp"

namespace lockstorm::reports {
namespace {

using nlohmann::json;
using scenarios::Outcome;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(AuditGitlab, HasWhatSomebodyCanDoSomethingAbout) {
  RepositoryAnswer answer = two_unlocked();
  AuditAnswer& one = answer.answers[0];
  scenarios::Standing accepted;
  accepted.outcome = Outcome::accepted;
  stand(one, {}, 0, 1, accepted);
  one.graded.back().is_inherent = true;
  const json report = json::parse(gitlab_repository(answer));
  ASSERT_EQ(report.size(), one.graded.size() * 2 - 3);
  EXPECT_EQ(report[0]["severity"], "blocker");
  EXPECT_EQ(report[0]["check_name"], one.graded[0].rule.id());
  EXPECT_EQ(report[0]["location"], json({{"path", "app/main.tf"}, {"lines", {{"begin", 2}}}}));
  std::set<std::string> fingerprints;
  for (const json& entry : report) EXPECT_TRUE(fingerprints.insert(entry["fingerprint"]).second);
}

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(AuditGithub, AnnotatesEachCauseInEachStateWorstFirst) {
  const std::vector<std::string> lines = lines_in(github_repository(two_unlocked()));
  ASSERT_GE(lines.size(), 2U);
  EXPECT_THAT(lines[0], StartsWith("::error file=app/main.tf,line=2,title=LS-S3-"));
  EXPECT_THAT(lines[0], HasSubstr("(also LS-S3-"));
  EXPECT_THAT(lines[1], StartsWith("::error file=data/backend.tf,line=9,title=LS-S3-"));
}

TEST(AuditGithub, ShowsOfEachKindWhatAStepMayHaveAndSaysHowManyMoreThereAre) {
  RepositoryAnswer answer = two_unlocked();
  AuditAnswer& one = answer.answers[0];
  const std::size_t causes = lines_in(github_repository(answer)).size() / 2;
  one.states.resize(30, one.states.front());
  const std::vector<std::string> lines = lines_in(github_repository(answer));
  EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("::error"); }),
            10);
  EXPECT_THAT(lines.back(), HasSubstr("more: of each kind a step may have 10."));
  EXPECT_GE(causes, 1U);
}

TEST(AuditJunit, FailsWhatFailsAndSkipsTheRestWithItsReason) {
  RepositoryAnswer answer = two_unlocked();
  AuditAnswer& one = answer.answers[0];
  scenarios::Standing known;
  known.outcome = Outcome::known;
  stand(one, {}, 0, 1, known);
  const std::string xml = junit_repository(answer);
  const std::size_t held = static_cast<std::size_t>(
      std::ranges::count(one.findings, scenarios::Verdict::held, &scenarios::AuditFinding::verdict));
  ASSERT_GT(held, 0U);
  EXPECT_THAT(xml,
              HasSubstr(fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\"",
                                    state_name(one.states[0]), one.graded.size() + held, one.graded.size())));
  EXPECT_THAT(xml, HasSubstr("skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<skipped>in the baseline. critical: "));
  EXPECT_THAT(xml, HasSubstr("<system-out>proved in "));
}

TEST(AuditMarkdown, HasATableTheAssumptionsAndEveryRunFolded) {
  RepositoryAnswer answer = two_unlocked();
  answer.answers[0].plan.assumptions = {"the bucket is `b`"};
  answer.answers[0].advice = {"set `use_lockfile = true`"};
  const std::string text = markdown_repository(answer);
  EXPECT_THAT(text, StartsWith("## Lockstorm: `live` ❌ fails the audit\n"));
  EXPECT_THAT(text, HasSubstr("| 🔴 critical, fails the audit | `LS-S3-"));
  EXPECT_THAT(text, HasSubstr("### Taken for granted\n\n- the bucket is `b`\n"));
  EXPECT_THAT(text, HasSubstr("### What to change\n\n- set `use_lockfile = true`\n"));
  std::size_t folded = 0;
  for (std::size_t at = text.find("<details>"); at != std::string::npos; at = text.find("<details>", at + 1))
    ++folded;
  EXPECT_EQ(folded, answer.answers[0].graded.size());
}

TEST(AuditMarkdown, FitsIntoASummaryWhateverTheNumberOfSetUps) {
  RepositoryAnswer answer = two_unlocked();
  answer.answers.resize(400, answer.answers[0]);
  const std::string text = markdown_repository(answer);
  EXPECT_LT(text.size(), 1'000'000U);
  EXPECT_THAT(text, HasSubstr("more rows."));
  EXPECT_THAT(text, HasSubstr("for which there is no room here"));
}

TEST(AuditBadge, IsGreenWhereNothingFails) {
  RepositoryAnswer answer = two_unlocked();
  EXPECT_EQ(json::parse(badge_repository(answer))["color"], "red");
  for (AuditAnswer& one : answer.answers) {
    scenarios::Standing below;
    below.outcome = Outcome::below;
    stand(one, below, 0, 0, below);
  }
  EXPECT_EQ(json::parse(badge_repository(answer))["color"], "brightgreen");
  answer.complaints.push_back({{"main.tf", 1, 1}, "broken", "", ""});
  EXPECT_EQ(json::parse(badge_repository(answer))["color"], "yellow");
}

}  // namespace
}  // namespace lockstorm::reports
