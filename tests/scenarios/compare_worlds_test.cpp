// Worlds that begin where others have ended, and the names that say so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::HasSubstr;

constexpr const char* kKilled = "audit/terraform/s3+dynamodb/jobs=1/crash";

Scenario configuration_named(const std::string& name) {
  const auto scenario = scenario_of_world_name(name);
  EXPECT_TRUE(scenario) << name << ": " << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

std::vector<WorldEnding> endings_of_name(const std::string& name, bool long_ago = false) {
  const auto endings = endings_of(configuration_named(name), long_ago);
  EXPECT_TRUE(endings) << endings.error();
  return endings ? *endings : std::vector<WorldEnding>{};
}

TEST(WorldNames, SayEverything) {
  for (const std::string name :
       {"audit/terraform/s3+lockfile/jobs=2/crash",
        "mixed/terraform/s3+dynamodb/jobs=1/opentofu/s3+lockfile/jobs=2,ephemeral/crash,operator=any",
        "mixed/terraform/s3+lockfile/jobs=1,run=plan_-out;apply_PLANFILE/terraform/s3+lockfile/"
        "jobs=1,lock=false,resources=3/no-faults",
        "mixed/terraform/s3+lockfile>>gcs/jobs=1,run=init_-migrate-state;apply/terraform/s3+lockfile/"
        "jobs=1,migrated/no-faults",
        "mixed/terraform/s3+dynamodb>s3+lockfile/jobs=1,run=init_-migrate-state/no-faults",
        "after/0/audit/terraform/s3+dynamodb/jobs=1/crash/then/audit/terraform/s3+lockfile/jobs=2/no-faults",
        "after/1,long-ago/audit/terraform/consul/jobs=1/crash/then/audit/terraform/consul/jobs=1/no-faults",
        "after/0/after/0/audit/terraform/s3+dynamodb/jobs=1/no-faults/then/"
        "audit/terraform/s3+lockfile/jobs=1/no-faults/then/audit/terraform/s3+dynamodb/jobs=1/no-faults"}) {
    const Scenario scenario = configuration_named(name);
    EXPECT_EQ(world_name(scenario), name);
    EXPECT_EQ(scenario.name, name);
    EXPECT_EQ(fingerprint(configuration_named(name)), fingerprint(scenario));
  }
}

TEST(WorldNames, ThatMeanNothingAreRefused) {
  for (const std::string name :
       {"mixed/", "mixed/terraform/s3/jobs=1", "mixed/terraform/s3/jobs=1/no-fault",
        "mixed/pulumi/s3/jobs=1/no-faults", "mixed/terraform/s3/jobs=1/terraform/gcs/jobs=1/no-faults",
        "mixed/terraform/s3/jobs=1,run=fly/no-faults", "mixed/terraform/s3/jobs=1,migrated/no-faults",
        "after/0/audit/terraform/s3/jobs=1/crash", "after/99/audit/terraform/s3/jobs=1/crash/then/",
        "after/99/audit/terraform/s3/jobs=1/crash/then/audit/terraform/s3/jobs=1/no-faults",
        "after/x/audit/terraform/s3/jobs=1/crash/then/audit/terraform/s3/jobs=1/no-faults",
        "after/0//then/audit/terraform/s3/jobs=1/no-faults"})
    EXPECT_FALSE(scenario_of_world_name(name)) << name;
}

// A job that is killed between state and digest leaves a state that nobody can read any more.
TEST(Endings, OfAKilledJobAreWhatItMayLeave) {
  const std::vector<WorldEnding> endings = endings_of_name(kKilled);
  const auto is_unreadable = [](const WorldEnding& ending) {
    return ending.found.readable == models::GetStatus::failed;
  };
  EXPECT_TRUE(std::ranges::any_of(endings, is_unreadable));
  EXPECT_TRUE(std::ranges::any_of(endings, [](const WorldEnding& one) { return one.locked; }));
  EXPECT_TRUE(std::ranges::any_of(endings, [](const WorldEnding& one) { return !one.locked; }));
  for (std::size_t i = 0; i < endings.size(); ++i) {
    EXPECT_EQ(endings[i].left.ending, i);
    EXPECT_EQ(endings[i].left.services.size(), 3U);
  }
}

VerifyResult verified(const std::string& name) {
  return verify(configuration_named(name), {.explain = false});
}

TEST(Endings, AreWhereOthersBegin) {
  for (const WorldEnding& ending : endings_of_name(kKilled)) {
    const VerifyResult later =
        verified(name_prefix(ending.left) + "audit/terraform/s3+dynamodb/jobs=1/no-faults");
    const bool can_work = !ending.locked && ending.found.readable == models::GetStatus::found;
    ASSERT_EQ(later.reached.size(), 1U);
    EXPECT_EQ(later.reached[0].succeeds(), can_work) << "ending " << ending.left.ending;
    // Whoever keeps no digest reads what is there, and is not held back by a lock in a table.
    const VerifyResult other =
        verified(name_prefix(ending.left) + "audit/terraform/s3+lockfile/jobs=1/no-faults");
    EXPECT_TRUE(other.reached[0].succeeds()) << "ending " << ending.left.ending;
  }
}

// The table is of no use to a job with a lock file, and still there for the next one with a table.
TEST(Endings, PassOnWhatAWorldHasNoUseFor) {
  const std::string first = "audit/terraform/s3+dynamodb/jobs=1/no-faults";
  const std::string between = "after/0/" + first + "/then/audit/terraform/s3+lockfile/jobs=1/no-faults";
  std::size_t unreadable = 0;
  for (const WorldEnding& ending : endings_of_name(between)) {
    const VerifyResult later = verified(name_prefix(ending.left) + first);
    if (!later.reached[0].succeeds()) ++unreadable;
  }
  EXPECT_GT(unreadable, 0U) << "the digest is of the state before";
}

TEST(Endings, LongAgoLeasesHaveRunOut) {
  // For some seconds Consul lets nobody lock what a dead job's session has held.
  const std::string killed = "audit/terraform/consul/jobs=1/crash";
  EXPECT_LT(endings_of_name(killed, true).size(), endings_of_name(killed).size());
}

TEST(Endings, AreTheBeginningOfACounterexample) {
  const VerifyResult result = verified(
      "after/0/audit/terraform/s3+dynamodb/jobs=1/no-faults/then/audit/terraform/s3/jobs=2/no-faults");
  const Counterexample* found = result.counterexample_of(Property::no_lost_update);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->replay, testing::StartsWith("LS1-"));
  ASSERT_FALSE(found->beginning.empty());
  EXPECT_THAT(found->beginning.front().contents, HasSubstr("serial 2 by an earlier run"));
}

}  // namespace
}  // namespace lockstorm::scenarios
