// SARIF of audits: at the right place, known again, and within what GitHub and GitLab read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "reports/ci/line_hash.hpp"
#include "tests/reports/audited_tree.hpp"

namespace lockstorm::reports {
namespace {

using nlohmann::json;
using scenarios::FileTree;
using scenarios::Outcome;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

json sarif_run(const RepositoryAnswer& answer) {
  return json::parse(sarif_repository(answer)).at("runs").at(0);
}

// By value, for loops over a temporary's part would be over nothing.
json results_in(const RepositoryAnswer& answer) { return sarif_run(answer).at("results"); }

TEST(AuditSarif, HasAResultForEachFindingInEachStateAtItsOwnBlock) {
  const json run = sarif_run(two_unlocked());
  ASSERT_EQ(two_unlocked().answers.size(), 1U);
  ASSERT_EQ(run["results"].size(), two_unlocked().answers[0].graded.size() * 2);
  std::set<std::pair<std::string, std::string>> places;
  for (const json& result : run["results"]) {
    const json& place = result["locations"][0]["physicalLocation"];
    const std::string uri = place["artifactLocation"]["uri"];
    EXPECT_EQ(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    EXPECT_EQ(place["region"]["startLine"], uri == "app/main.tf" ? 2 : 9) << uri;
    EXPECT_TRUE(places.emplace(uri, result["ruleId"]).second);
    for (const json& step : result["codeFlows"][0]["threadFlows"][0]["locations"])
      EXPECT_EQ(step["location"]["physicalLocation"], place);
  }
  EXPECT_EQ(run["results"][0]["level"], "error");
  EXPECT_EQ(run["results"][0]["properties"]["grade"], "critical");
}

TEST(AuditSarif, HasTheRulesThatItUsesAndWhatGitHubAsksOfThem) {
  const json run = sarif_run(two_unlocked());
  const json& rules = run["tool"]["driver"]["rules"];
  std::set<std::size_t> used;
  for (const json& result : run["results"]) {
    const auto index = result["ruleIndex"].get<std::size_t>();
    used.insert(index);
    EXPECT_EQ(rules[index]["id"], result["ruleId"]);
    EXPECT_EQ(rules[index]["defaultConfiguration"]["level"], result["level"]);
  }
  EXPECT_EQ(used.size(), rules.size());
  for (const json& rule : rules) {
    EXPECT_THAT(rule["id"].get<std::string>(), StartsWith("LS-S3-"));
    EXPECT_THAT(rule["help"]["markdown"].get<std::string>(), HasSubstr("## How likely it is"));
    EXPECT_THAT(rule["help"]["markdown"].get<std::string>(), Not(HasSubstr("](../")));
    EXPECT_GT(std::stod(rule["properties"]["security-severity"].get<std::string>()), 0.0);
    EXPECT_LE(rule["properties"]["tags"].size(), 10U);
    EXPECT_FALSE(rule.contains("helpUri"));
  }
}

// GitHub cuts descriptions of more than 1024 characters, GitLab leaves out what has messages of more than
// 2048.
TEST(AuditSarif, KeepsWithinTheLengthsThatAreRead) {
  for (const scenarios::BackendType* type : scenarios::backend_types()) {
    for (const checkers::Property property : checkers::PropertySet::all()) {
      for (const scenarios::Trouble& cause : scenarios::troubles()) {
        const scenarios::Rule rule{type, property, &cause};
        EXPECT_LE(rule_summary(rule).size(), 1000U) << rule.id();
        EXPECT_LE(rule_title(rule).size(), 200U) << rule.id();
      }
    }
  }
  for (const json& result : results_in(two_unlocked()))
    EXPECT_LE(result["message"]["text"].get<std::string>().size(), 2048U);
}

TEST(AuditSarif, KnowsAFindingAgainAfterTheFileWasEdited) {
  const FileTree edited{{"app/main.tf", s3_block("key = \"a\"\nregion = \"r\"", 30)},
                        {"data/backend.tf", s3_block("key = \"d\"")}};
  const auto fingerprints = [](const RepositoryAnswer& answer) {
    std::set<std::string> all;
    for (const json& result : results_in(answer))
      EXPECT_TRUE(all.insert(result["partialFingerprints"]["ruleAndState/v1"]).second);
    return all;
  };
  EXPECT_EQ(fingerprints(audited(edited)), fingerprints(two_unlocked()));
}

TEST(AuditSarif, SaysWhatWasAcceptedAndWhatTheBaselineHas) {
  using std::chrono::year;
  RepositoryAnswer answer = two_unlocked();
  AuditAnswer& one = answer.answers[0];
  scenarios::Standing accepted;
  accepted.outcome = Outcome::accepted;
  accepted.reason = "one job at a time";
  accepted.expires = year(2027) / 3 / 1;
  accepted.where = {(two_states().root() / ".lockstorm.yaml").string(), 4, 5};
  stand(one, {}, 0, 1, accepted);
  one.standings[1][0].outcome = Outcome::known;
  std::size_t suppressed = 0;
  for (const json& result : results_in(answer)) {
    const bool is_known = result["properties"]["outcome"] == "known";
    EXPECT_EQ(result["baselineState"], is_known ? "unchanged" : "new");
    if (!result.contains("suppressions")) continue;
    ++suppressed;
    const json& suppression = result["suppressions"][0];
    EXPECT_EQ(suppression["kind"], "external");
    EXPECT_EQ(suppression["status"], "accepted");
    EXPECT_EQ(suppression["justification"], "accepted until 2027-03-01: one job at a time");
    EXPECT_EQ(suppression["location"]["physicalLocation"]["artifactLocation"]["uri"], ".lockstorm.yaml");
  }
  EXPECT_EQ(suppressed, 1U);
  accepted.outcome = Outcome::expired;
  accepted.where.file = one.states[0].configuration.files.at(0);
  stand(one, {}, 0, 0, accepted);
  const json first = results_in(answer)[0];
  EXPECT_EQ(first["suppressions"][0]["kind"], "inSource");
  EXPECT_EQ(first["suppressions"][0]["status"], "rejected");
  EXPECT_FALSE(first.contains("baselineState")) << "nobody knows of a baseline";
}

TEST(AuditSarif, PointsAtTheFirstFileWithoutABlockAndOutsideOfTheRepositoryAbsolutely) {
  const FileTree tree{{"app/b.tf", "provider \"null\" {}\n"}, {"app/a.tf", "locals {}\n"}};
  RepositoryAnswer answer = audited(tree, adversity_bit(scenarios::Adversity::crash));
  ASSERT_FALSE(results_in(answer).empty());
  const auto place_in = [&] { return results_in(answer)[0]["locations"][0]["physicalLocation"]; };
  EXPECT_EQ(place_in()["artifactLocation"]["uri"], "app/a.tf");
  EXPECT_EQ(place_in()["region"], json({{"startLine", 1}, {"startColumn", 1}}));
  answer.root = tree.root() / "elsewhere";
  EXPECT_THAT(place_in()["artifactLocation"]["uri"].get<std::string>(), StartsWith("file:///"));
  EXPECT_FALSE(place_in()["artifactLocation"].contains("uriBaseId"));
}

TEST(AuditSarif, SaysWhatAnAnswerHangsOn) {
  const FileTree tree{
      {"main.tf", s3_block("key = \"k\"\nuse_lockfile = true\nregion = \"auto\"\nuse_path_style = true")}};
  const json results = results_in(audited(tree));
  ASSERT_FALSE(results.empty());
  std::set<std::string> fingerprints;
  for (const json& result : results) {
    EXPECT_THAT(result["message"]["text"].get<std::string>(), HasSubstr("That is so if the store "));
    EXPECT_TRUE(fingerprints.insert(result["partialFingerprints"]["ruleAndState/v1"]).second);
  }
}

TEST(AuditSarif, WritesWhatGitHubTakesAndSaysWhatItLeavesOut) {
  RepositoryAnswer answer = two_unlocked();
  AuditAnswer& one = answer.answers[0];
  one.states.resize(26'000 / one.graded.size() + 1, one.states.front());
  const std::string text = sarif_repository(answer);
  const json run = json::parse(text)["runs"][0];
  EXPECT_EQ(run["results"].size(), 25'000U);
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["level"], "warning");
  EXPECT_THAT(
      run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].get<std::string>(),
      HasSubstr("GitHub and GitLab show the worst 5 000, and those after the worst 25 000 are left out"));
  EXPECT_TRUE(run["results"][999].contains("codeFlows"));
  EXPECT_FALSE(run["results"][1000].contains("codeFlows"));
  // Both take 10 MB of it compressed, which is a twentieth of its size or less.
  EXPECT_LT(text.size(), 100'000'000U);
  EXPECT_EQ(sarif_limit_text(5000), "");
  EXPECT_THAT(sarif_limit_text(5001), Not(HasSubstr("left out")));
}

// The action that uploads SARIF computes these, too, and warns of others (codeql-action, fingerprints.ts).
TEST(LineHashes, AreThoseOfTheUploader) {
  using testing::ElementsAre;
  EXPECT_THAT(line_hashes(""), ElementsAre("c129715d7a2bc9a3:1"));
  EXPECT_THAT(line_hashes(" a\nb\n  \t\tc\n d"), ElementsAre("271789c17abda88f:1", "54703d4cd895b18:1",
                                                             "180aee12dab6264:1", "a23a3dc5e078b07b:1"));
  const auto ends =
      ElementsAre("e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
                  "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1");
  EXPECT_THAT(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), ends);
  EXPECT_THAT(line_hashes(" hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"), ends);
  std::string lorem;
  for (int i = 0; i < 10; ++i) lorem += "Lorem ipsum dolor sit amet.\n";
  EXPECT_EQ(line_hashes(lorem)[5], "a7f2ff13bc495cf2:6");
  EXPECT_EQ(line_hashes(lorem)[6], "a7f2ff1481e87703:1");
}

}  // namespace
}  // namespace lockstorm::reports
