// The forms of continuous integration: complete, well-formed, and true to the results.
#include "reports/ci/published.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "reports/ci/json_report.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::reports {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

scenarios::VerifyResult verified_text(const std::string& yaml, const std::string& name = "two<jobs>") {
  auto scenario = scenarios::parse_scenario(yaml, name + ".yaml", name);
  EXPECT_TRUE(scenario.has_value());
  return scenarios::verify(*scenario, {});
}

const scenarios::VerifyResult& violated() {
  static const scenarios::VerifyResult result = verified_text("backend: {type: s3}\n");
  return result;
}
const scenarios::VerifyResult& held() {
  static const scenarios::VerifyResult result =
      verified_text("backend: {type: s3, use_lockfile: true}\n", "safe");
  return result;
}
std::vector<scenarios::VerifyResult> both() { return {violated(), held()}; }

// Every element that is opened is closed, in order; attributes only where a name and a quoted value stand.
void expect_well_formed(const std::string& xml) {
  static const std::regex kTag(R"re(<(/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(/?)>)re");
  std::vector<std::string> open;
  const std::string body = xml.substr(xml.find("?>") + 2);
  std::size_t angles = 0;
  for (std::sregex_iterator tag(body.begin(), body.end(), kTag), end; tag != end; ++tag) {
    ++angles;
    if ((*tag)[1].length() > 0) {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), (*tag)[2].str());
      open.pop_back();
    } else if ((*tag)[4].length() == 0) {
      open.push_back((*tag)[2].str());
    }
  }
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(angles, static_cast<std::size_t>(std::ranges::count(body, '<'))) << "an unescaped <";
}

std::size_t occurrences(const std::string& text, const std::string& of) {
  std::size_t count = 0;
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++count;
  return count;
}

TEST(JunitReport, CountsWhatItHas) {
  const std::string xml = junit_report(both());
  expect_well_formed(xml);
  std::size_t broken = 0;
  for (const auto& [property, verdict] : violated().properties)
    broken += verdict == scenarios::Verdict::violated ? 1 : 0;
  const std::size_t all = violated().properties.size() + held().properties.size();
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"lockstorm\" tests=\"" + std::to_string(all) +
                             "\" failures=\"" + std::to_string(broken) + "\" errors=\"0\""));
  EXPECT_EQ(occurrences(xml, "<testcase "), all);
  EXPECT_EQ(occurrences(xml, "<failure "), broken);
  EXPECT_THAT(xml, HasSubstr("two&lt;jobs&gt;"));
  EXPECT_THAT(xml, HasSubstr("lockstorm replay LS1-"));
}

TEST(JunitReport, AnExpectedViolationPassesAndAMissingOneFails) {
  const std::string expected = junit_report(std::vector{
      verified_text("backend: {type: s3}\nexpect: {no-lost-update: violated, mutual-exclusion: violated, "
                    "state-integrity: violated}\n")});
  EXPECT_EQ(occurrences(expected, "<failure "), 0U);
  const std::string missing = junit_report(std::vector{
      verified_text("backend: {type: s3, use_lockfile: true}\nexpect: {no-lost-update: violated}\n")});
  EXPECT_THAT(missing, HasSubstr("message=\"expected violated, got held\""));
}

TEST(JunitReport, WhatCouldNotBeDecidedIsAnError) {
  const std::string xml = junit_report(std::vector{verified_text(
      "backend: {type: s3, use_lockfile: true}\nclient: {count: 1}\noperator: {force_unlock: 0}\n"
      "faults: {clock_skew: 1}\n")});
  EXPECT_THAT(xml, HasSubstr("<error message=\"invalid: "));
}

TEST(SarifReport, HasARuleForEveryResultAndItsStepsAsAFlow) {
  const auto where = [](const scenarios::Scenario&) {
    return std::optional<scenarios::SourceLocation>({"infra/main.tf", 7, 3});
  };
  const json sarif = json::parse(sarif_report(both(), where));
  EXPECT_EQ(sarif["version"], "2.1.0");
  const json& run = sarif["runs"][0];
  ASSERT_EQ(run["results"].size(), violated().counterexamples.size());
  for (const json& result : run["results"]) {
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    const json& place = result["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], "infra/main.tf");
    EXPECT_EQ(place["region"]["startLine"], 7);
    EXPECT_FALSE(result["codeFlows"][0]["threadFlows"][0]["locations"].empty());
    EXPECT_THAT(result["message"]["text"].get<std::string>(), HasSubstr("What would have prevented it"));
    EXPECT_THAT(result["codeFlows"][0]["message"]["text"].get<std::string>(),
                MatchesRegex("replay with: lockstorm replay LS1-[^ ]+ --scenario 'two<jobs>.yaml'"));
  }
}

TEST(MarkdownReport, FoldsEveryCounterexample) {
  const std::string text = markdown_report(both());
  EXPECT_EQ(occurrences(text, "<details>"), violated().counterexamples.size());
  EXPECT_EQ(occurrences(text, "</details>"), violated().counterexamples.size());
  EXPECT_THAT(text, HasSubstr("| `safe` | ✅ held |"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[")));
}

TEST(BadgeReport, SaysTheWorst) {
  EXPECT_EQ(json::parse(badge_report(both()))["message"], "1 violated of 2");
  EXPECT_EQ(json::parse(badge_report(both()))["color"], "red");
  EXPECT_EQ(json::parse(badge_report(std::vector{held()}))["message"], "1 held");
}

// A violation whose run could not be told, as where memory ran out meanwhile.
TEST(SarifReport, IsNeverEmptyWhereSomethingIsViolated) {
  scenarios::VerifyResult untold = violated();
  untold.counterexamples.clear();
  untold.why = "the memory is used up";
  const json run = json::parse(sarif_report(std::vector{untold}, {}))["runs"][0];
  std::size_t broken = 0;
  for (const auto& [property, verdict] : untold.properties)
    broken += verdict == scenarios::Verdict::violated ? 1 : 0;
  ASSERT_EQ(run["results"].size(), broken);
  for (const json& result : run["results"]) {
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_THAT(result["message"]["text"].get<std::string>(),
                HasSubstr("No run that shows it could be told: the memory is used up"));
    EXPECT_FALSE(result["locations"].empty());
  }
}

TEST(SarifReport, ShowsWhatWasExpectedAndIsNotFound) {
  const auto missing =
      verified_text("backend: {type: s3, use_lockfile: true}\nexpect: {no-lost-update: violated}\n");
  const json run = json::parse(sarif_report(std::vector{missing}, {}))["runs"][0];
  ASSERT_EQ(run["results"].size(), 1U);
  EXPECT_EQ(run["results"][0]["message"]["text"], "Expected no-lost-update to be violated, got held");
}

TEST(SarifReport, IsNoSuccessWhereNothingIsDecided) {
  const auto invocation = [](const std::vector<scenarios::VerifyResult>& results) {
    return json::parse(sarif_report(results, {}))["runs"][0]["invocations"][0];
  };
  const auto never_strikes =
      verified_text("backend: {type: s3, use_lockfile: true}\nclient: {count: 1}\nfaults: {clock_skew: 1}\n");
  ASSERT_EQ(never_strikes.verdict, scenarios::Verdict::invalid);
  scenarios::VerifyResult open = held();
  open.verdict = scenarios::Verdict::unknown;
  open.why = "the memory is used up";
  for (const auto& undecided : {never_strikes, open}) {
    const json one = invocation({held(), undecided, violated()});
    EXPECT_EQ(one["executionSuccessful"], false);
    ASSERT_EQ(one["toolExecutionNotifications"].size(), 1U);
    EXPECT_EQ(one["toolExecutionNotifications"][0]["level"], "error");
    EXPECT_THAT(one["toolExecutionNotifications"][0]["message"]["text"].get<std::string>(),
                HasSubstr(undecided.why));
  }
  EXPECT_EQ(invocation(both())["executionSuccessful"], true);
  EXPECT_TRUE(invocation(both())["toolExecutionNotifications"].empty());
}

// What a campaign of random runs says where it found nothing.
scenarios::VerifyResult searched() {
  scenarios::VerifyResult result = held();
  result.explored = {};
  result.searched.emplace();
  result.searched->runs = result.searched->seen_through = 4000;
  result.searched->pct = {2, 30, 0, {0, 0, 0, 1000}};
  return result;
}

TEST(Searched, IsNoProofInAnyForm) {
  const std::vector<scenarios::VerifyResult> results{searched()};
  const std::string said =
      "searched, no proof: 4 000 runs, nothing found; a bug of depth 3 or less was missed with a probability "
      "of up to 57.4 %; with confidence 95 % fewer than 8e-04 of such runs violate anything";
  const std::string markdown = markdown_report(results);
  EXPECT_THAT(markdown, HasSubstr("| `safe` | 🔍 nothing found, no proof |"));
  EXPECT_THAT(markdown, HasSubstr(said));
  EXPECT_THAT(markdown, Not(HasSubstr("✅")));
  const std::string junit = junit_report(results);
  expect_well_formed(junit);
  EXPECT_EQ(occurrences(junit, "<system-out>" + said + "</system-out>"), searched().properties.size());
  EXPECT_THAT(junit, HasSubstr("<property name=\"searched\" value=\"" + said + "\"/>"));
  const json badge = json::parse(badge_report(results));
  EXPECT_EQ(badge["message"], "nothing found in 4 000 runs, no proof");
  EXPECT_EQ(badge["color"], "blue");
  const json note =
      json::parse(sarif_report(results, {}))["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
  EXPECT_EQ(note["message"]["text"], "safe: " + said);
  EXPECT_EQ(json_result(searched(), "hunt")["proof"], false);
  const std::string text = text_findings(searched(), Style{});
  EXPECT_THAT(text, HasSubstr("safe: NOTHING FOUND"));
  EXPECT_THAT(text, Not(HasSubstr("held")));
}

TEST(Searched, BesideAProofTheBadgeIsNotGreen) {
  EXPECT_EQ(json::parse(badge_report(std::vector{held(), searched()}))["color"], "blue");
  EXPECT_EQ(json::parse(badge_report(std::vector{held()}))["color"], "brightgreen");
  EXPECT_EQ(json::parse(badge_report({}))["color"], "yellow");
}

TEST(Searched, OneRunSaysNothingOfOthers) {
  scenarios::VerifyResult one = searched();
  one.searched.emplace();
  one.searched->runs = one.searched->seen_through = 1;
  EXPECT_THAT(markdown_report(std::vector{one}),
              HasSubstr("searched, no proof: 1 run, nothing found; what other runs do is not known"));
  EXPECT_EQ(json::parse(badge_report(std::vector{one}))["color"], "blue");
}

TEST(Searched, WithoutPctTheChanceIsNotKnown) {
  scenarios::VerifyResult walks = searched();
  walks.searched->pct.runs.clear();
  EXPECT_THAT(markdown_report(std::vector{walks}),
              HasSubstr("how likely it is that a bug of depth 3 was missed is not known"));
}

TEST(PerfettoReport, HasNamedTracksAndPairedArrows) {
  const json trace = json::parse(perfetto_report(both()));
  std::set<std::pair<int, int>> named;
  std::map<int, int> arrows;
  std::size_t steps = 0;
  for (const json& event : trace["traceEvents"]) {
    const std::string phase = event["ph"];
    const std::pair track{event["pid"].get<int>(), event["tid"].get<int>()};
    if (phase == "M") {
      named.insert(track);
      continue;
    }
    EXPECT_TRUE(named.contains(track));
    if (phase == "s") ++arrows[event["id"]];
    if (phase == "f") --arrows[event["id"]];
    steps += phase == "X" ? 1 : 0;
  }
  EXPECT_FALSE(arrows.empty());
  for (const auto& [id, open] : arrows) EXPECT_EQ(open, 0) << id;
  std::size_t expected = 0;
  for (const scenarios::Counterexample& counterexample : violated().counterexamples)
    expected += counterexample.steps.size();
  EXPECT_GE(steps, expected);
}

TEST(Published, IsTheSameEachTime) {
  EXPECT_EQ(sarif_report(both(), {}), sarif_report(both(), {}));
  EXPECT_EQ(perfetto_report(both()), perfetto_report(both()));
  EXPECT_EQ(markdown_report(both()), markdown_report(both()));
}

}  // namespace
}  // namespace lockstorm::reports
