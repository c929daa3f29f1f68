// Changes that are said to spare a violation do so, the ones before them do not, and nothing is said of what
// was not tried.
#include "scenarios/search/what_if.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "scenarios/backends/s3.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

Scenario named(const std::string& name) { return find_scenario(name).value(); }

std::vector<std::string> settings_of(const std::vector<TriedChange>& tried) {
  std::vector<std::string> settings;
  for (const TriedChange& change : tried) settings.push_back(change.setting);
  return settings;
}

TEST(TryChanges, FindsTheRuleForTheOperator) {
  const Scenario scenario = named("audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive");
  const auto tried = try_changes(scenario, Property::mutual_exclusion);
  ASSERT_EQ(settings_of(tried), std::vector<std::string>{"operator: {target: dead}"});
  EXPECT_EQ(tried.back().verdict, Verdict::held);
}

TEST(TryChanges, FindsTheFenceAndSaysWhatIsNotEnough) {
  const auto tried =
      try_changes(named("audit/terraform/s3+lockfile/jobs=2/late_request"), Property::no_lost_update);
  ASSERT_FALSE(tried.empty());
  EXPECT_EQ(tried.back().setting, "backend: {fenced_put: true}");
  for (const TriedChange& change : tried)
    EXPECT_EQ(change.verdict, &change == &tried.back() ? Verdict::held : Verdict::violated) << change.setting;
}

TEST(TryChanges, FindsTheLockThatIsMissing) {
  Scenario scenario;
  scenario.backend.edit<S3Config>();
  EXPECT_EQ(settings_of(try_changes(scenario, Property::no_lost_update)).back(),
            "backend: {use_lockfile: true}");
}

// As a backend block or an option of `audit` says it, and nothing where neither can.
TEST(TryChanges, SayWhatToSetInAnAudit) {
  const Scenario scenario = named("audit/terraform/s3+dynamodb/jobs=2/lose_response");
  std::map<std::string, std::string> in_audit;
  for (const WhatIf& change : what_ifs(scenario, Property::progress))
    in_audit[change.setting] = change.in_audit;
  EXPECT_EQ(in_audit.at("backend: {max_retries: 1}"), "`max_retries = 1`");
  EXPECT_EQ(in_audit.at("backend: {use_lockfile: true, dynamodb_table: false}"),
            "`use_lockfile = true` and no `dynamodb_table`");
  EXPECT_EQ(in_audit.at("backend: {fenced_put: true}"), "");
  EXPECT_EQ(in_audit.at("client: {tool: opentofu}"), "`--tool opentofu`");
}

TEST(TryChanges, SaysSoWhenNothingHelps) {
  const auto tried =
      try_changes(named("audit/terraform/s3+dynamodb/jobs=2/lose_response"), Property::progress);
  EXPECT_GT(tried.size(), 3U);
  for (const TriedChange& change : tried) EXPECT_EQ(change.verdict, Verdict::violated) << change.setting;
}

TEST(TryChanges, DoNotDefineTheDamageAway) {
  // A lone first apply that is killed leaves its resource behind as well.
  const auto tried =
      try_changes(named("audit/terraform/s3+lockfile/jobs=2,first-apply/crash"), Property::no_drift);
  for (const TriedChange& change : tried) EXPECT_EQ(change.verdict, Verdict::violated) << change.setting;
}

// Every change that is offered for any violation of the library is a scenario that the tools would take,
// differs from the original, and has the verdict that a whole verification gives it.
TEST(TryChanges, AgreeWithVerification) {
  std::size_t compared = 0;
  for (const LibraryEntry& entry : library()) {
    if (!entry.name.starts_with("gcs/terraform/") && !entry.name.starts_with("pg/terraform/") &&
        !entry.name.starts_with("http/plain/terraform/"))
      continue;
    const Scenario scenario = named(std::string(entry.name));
    const auto violated = std::ranges::find(scenario.expect, Expectation::violated,
                                            [](const auto& expected) { return expected.second; });
    if (violated == scenario.expect.end()) continue;
    const auto tried = try_changes(scenario, violated->first);
    std::vector<WhatIf> all = what_ifs(scenario, violated->first);
    std::erase_if(all, [&](const WhatIf& change) {
      return !build_world(change.scenario)->checked.contains(violated->first);
    });
    for (std::size_t i = 0; i < tried.size(); ++i) {
      ASSERT_EQ(tried[i].setting, all[i].setting);
      EXPECT_NE(fingerprint(all[i].scenario), fingerprint(scenario)) << all[i].setting;
      if (tried[i].verdict == Verdict::unknown) continue;
      Scenario changed = all[i].scenario;
      changed.check = checkers::PropertySet{violated->first};
      const VerifyResult whole = verify(changed, {.explain = false});
      EXPECT_EQ(whole.properties.at(violated->first), tried[i].verdict)
          << entry.name << " " << tried[i].setting;
      ++compared;
    }
  }
  EXPECT_GT(compared, 10U);
}

// Puts what a setting says over what the file says, key by key.
YAML::Node merged(const YAML::Node& file, const YAML::Node& setting) {
  YAML::Node all = YAML::Clone(file);
  all.remove("check");  // what is asked of the world is not part of it
  all.remove("expect");
  for (const auto& section : setting) {
    const auto name = section.first.as<std::string>();
    if (section.second.IsScalar()) {  // initial_state: existing
      all[name] = section.second;
      continue;
    }
    if (!all[name]) all[name] = YAML::Node(YAML::NodeType::Map);
    for (const auto& entry : section.second) all[name][entry.first.as<std::string>()] = entry.second;
  }
  return all;
}

// Whoever types what a report prints gets the world that was tried.
TEST(TryChanges, EverySettingCanBeTyped) {
  std::size_t typed = 0;
  for (const LibraryEntry& entry : library()) {
    const YAML::Node file = YAML::Load(std::string(entry.yaml_text));
    const Scenario scenario = named(std::string(entry.name));
    if (file["configuration"] || !scenario.fleets.empty()) continue;
    for (const Property property : {Property::no_lost_update, Property::progress}) {
      for (const WhatIf& change : what_ifs(scenario, property)) {
        const YAML::Node whole = merged(file, YAML::Load("{" + change.setting + "}"));
        YAML::Emitter text;
        text << whole;
        const auto read = parse_scenario(text.c_str(), "typed.yaml", "typed");
        ASSERT_TRUE(read) << entry.name << ": " << change.setting << ": " << read.error().render();
        EXPECT_EQ(fingerprint(*read), fingerprint(change.scenario)) << entry.name << ": " << change.setting;
        ++typed;
      }
    }
  }
  EXPECT_GT(typed, 500U);
}

}  // namespace
}  // namespace lockstorm::scenarios
