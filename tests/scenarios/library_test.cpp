// Names, globs and the embedded library.
#include "scenarios/files/library.hpp"

#include <gtest/gtest.h>

#include "scenarios/backends/s3.hpp"
#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

TEST(Glob, MatchesAcrossFolders) {
  EXPECT_TRUE(glob_matches("s3/*", "s3/lockfile/crash"));
  EXPECT_TRUE(glob_matches("*/cr?sh", "s3/lockfile/crash"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a**b", "ab"));
  EXPECT_FALSE(glob_matches("s3/*x", "s3/lockfile/crash"));
  EXPECT_FALSE(glob_matches("s3", "s3/unlocked"));
  EXPECT_FALSE(glob_matches("?", ""));
}

TEST(Library, EveryScenarioIsSoundAndSorted) {
  ASSERT_FALSE(library().empty());
  std::string_view before;
  for (const LibraryEntry& entry : library()) {
    EXPECT_LT(before, entry.name);
    before = entry.name;
    const auto scenario = parse_scenario(entry.yaml_text, std::string(entry.file), std::string(entry.name));
    ASSERT_TRUE(scenario) << scenario.error().render();
    EXPECT_FALSE(scenario->description.empty()) << entry.name;
    EXPECT_FALSE(scenario->expect.empty()) << entry.name;
  }
}

TEST(Library, FindsOneManyOrTellsTheNearest) {
  EXPECT_EQ(find_scenarios("s3/unlocked")->size(), 1U);
  EXPECT_GT(find_scenarios("s3/*")->size(), 1U);
  const auto none = find_scenarios("s3/unloked");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().hint, "did you mean 's3/unlocked'?");
}

TEST(Library, AFileThatIsCalledLikeAScenarioOfItIsNone) {
  Scenario own = *find_scenario("s3/unlocked");
  EXPECT_TRUE(is_of_library(own));
  EXPECT_EQ(reference_of(own), "s3/unlocked");
  own.file = "s3/unlocked.yaml";
  EXPECT_FALSE(is_of_library(own));
  EXPECT_EQ(reference_of(own), "s3/unlocked.yaml");
}

TEST(Library, AScenarioByAConfigurationKnowsItsFile) {
  const auto by_name =
      parse_scenario("configuration: audit/terraform/s3/jobs=2/no-faults\n", "mine.yaml", "mine");
  ASSERT_TRUE(by_name.has_value());
  EXPECT_EQ(by_name->file, "mine.yaml");
  EXPECT_EQ(reference_of(*by_name), "mine.yaml");
}

TEST(AuditName, IsTheWholeScenario) {
  Scenario scenario;
  S3Config s3;
  s3.use_lockfile = true;
  s3.dynamodb_table = true;
  s3.max_retries = 3;
  scenario.backend = s3;
  scenario.client.tool = models::Dialect::opentofu;
  scenario.client.count = 4;
  scenario.client.lock_timeout = std::chrono::minutes(5);
  scenario.faults[sim::Fault::crash] = 1;
  scenario.faults[sim::Fault::lose_response] = 2;
  scenario.force_unlock = {1, models::UnlockTarget::unresponsive};
  const std::string name = audit_name(scenario);
  EXPECT_EQ(name,
            "audit/opentofu/s3+lockfile+dynamodb+retries=3/jobs=4,lock-timeout=300000ms/"
            "crash,lose_response,lose_response,operator=unresponsive");
  const auto back = scenario_of_audit_name(name);
  ASSERT_TRUE(back);
  EXPECT_EQ(fingerprint(*back), fingerprint(scenario));
  EXPECT_EQ(back->name, name);
}

TEST(AuditName, RefusesWhatItWouldNotWrite) {
  for (const char* name :
       {"audit/", "audit/terraform/s3/jobs=0/crash", "audit/terraform/s3/jobs=2/flood",
        "audit/pulumi/s3/jobs=2/crash", "audit/terraform/s3/jobs=2/crash/more", "audit/terraform//jobs=2/"}) {
    EXPECT_FALSE(scenario_of_audit_name(name)) << name;
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
