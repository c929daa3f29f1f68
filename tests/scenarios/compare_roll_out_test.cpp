// From one block to another: which jobs may meet on the way, which orders are safe, and the way back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/campaigns/paired_states.hpp"
#include "scenarios/campaigns/roll_out.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TerraformConfiguration configuration(const std::string& type, const std::string& arguments) {
  const FileTree tree{{"main.tf", "terraform {\n backend \"" + type + "\" {\n" + arguments + "\n}\n}\n"}};
  const auto read = read_terraform_configuration(tree.root());
  EXPECT_TRUE(read) << read.error().render();
  return read.value_or(TerraformConfiguration{});
}

struct RollOutOfTwo {
  RollOutPlan plan;
  std::vector<VerifyResult> results;
  JudgedRollOut judged;

  [[nodiscard]] const JudgedCrossing& crossing(const std::string& from, const std::string& to,
                                               Way way) const {
    for (std::size_t i = 0; i < plan.crossings.size(); ++i) {
      const Crossing& one = plan.crossings[i];
      if (plan.blocks[one.from].name == from && plan.blocks[one.to].name == to && one.way == way)
        return judged.crossings[i];
    }
    ADD_FAILURE() << "no crossing from " << from << " to " << to;
    return judged.crossings.front();
  }
};

RollOutOfTwo roll_out(const TerraformConfiguration& a, const TerraformConfiguration& b,
                      const AuditOptions& options_b = {}) {
  AuditOptions options_a = options_b;
  options_a.settings.clear();
  options_a.store.clear();
  const auto plan_a = plan_audit(a, options_a);
  const auto plan_b = plan_audit(b, options_b);
  EXPECT_TRUE(plan_a && plan_b);
  RollOutOfTwo all;
  all.plan = plan_roll_out({*plan_a, a}, {*plan_b, b});
  if (all.plan.crossings.empty()) return all;
  for (const Scenario& scenario : roll_out_scenarios(all.plan))
    all.results.push_back(verify(scenario, {.explain = false}));
  all.judged = judge_roll_out(all.plan, all.results);
  return all;
}

const std::string kPlace = "bucket = \"b\"\nkey = \"k\"\n";

// hashicorp's own advice: first both. The last step still needs a stop, as jobs with the lock file alone do
// not keep the digest that those with both look at.
TEST(CompareRollOut, FromTheTableToTheLockFile) {
  const RollOutOfTwo found = roll_out(configuration("s3", kPlace + "dynamodb_table = \"t\""),
                                      configuration("s3", kPlace + "use_lockfile = true"));
  EXPECT_EQ(found.plan.relation, Relation::one_state);
  ASSERT_EQ(found.plan.blocks.size(), 3U);
  EXPECT_EQ(found.plan.blocks[2].backend->summary(), "s3 with dynamodb_table and use_lockfile");
  const PropertySet broken{Property::mutual_exclusion, Property::no_lost_update, Property::state_integrity};
  EXPECT_EQ(found.crossing("A", "B", Way::while_jobs_run).opens, broken);
  EXPECT_EQ(found.crossing("A", "A+B", Way::while_jobs_run).safety, Safety::safe);
  EXPECT_EQ(found.crossing("A+B", "B", Way::while_jobs_run).opens, PropertySet{Property::state_integrity});
  EXPECT_EQ(found.crossing("A+B", "B", Way::all_stopped).safety, Safety::safe);
  EXPECT_EQ(found.crossing("A", "B", Way::all_stopped).safety, Safety::safe);
  EXPECT_EQ(found.crossing("B", "A", Way::all_stopped).opens, PropertySet{Property::state_integrity})
      << "the digest in the table is an old one";
  ASSERT_TRUE(found.judged.best);
  const RollOutOrder& best = found.plan.orders[*found.judged.best];
  ASSERT_EQ(best.crossings.size(), 1U);
  EXPECT_EQ(found.plan.crossings[best.crossings[0]].way, Way::all_stopped);
  for (const VerifyResult& result : found.results)
    EXPECT_TRUE(result.explored.complete) << result.scenario.name;
}

TEST(CompareRollOut, JobsWithoutALockMakeNothingWorseThanItIs) {
  const RollOutOfTwo found =
      roll_out(configuration("s3", kPlace), configuration("s3", kPlace + "use_lockfile = true"));
  EXPECT_EQ(found.plan.blocks.size(), 2U) << "there is nothing between no lock and a lock";
  const JudgedCrossing& mixed = found.crossing("A", "B", Way::while_jobs_run);
  EXPECT_EQ(mixed.safety, Safety::no_worse);
  EXPECT_TRUE(mixed.violated.contains(Property::no_lost_update));
  EXPECT_EQ(found.crossing("A", "B", Way::all_stopped).safety, Safety::safe);
  ASSERT_TRUE(found.judged.best);
  EXPECT_EQ(found.judged.orders[*found.judged.best], Safety::safe);
}

TEST(CompareRollOut, ToTheOtherTool) {
  AuditOptions opentofu;
  opentofu.tool = models::Dialect::opentofu;
  const TerraformConfiguration one = configuration("gcs", "bucket = \"b\"");
  const auto plan_a = plan_audit(one, {});
  const auto plan_b = plan_audit(one, opentofu);
  ASSERT_TRUE(plan_a && plan_b);
  const RollOutPlan plan = plan_roll_out({*plan_a, one}, {*plan_b, one});
  EXPECT_EQ(plan.relation, Relation::one_state);
  ASSERT_FALSE(plan.crossings.empty());
  EXPECT_THAT(plan.crossings[0].worlds[0].name,
              HasSubstr("mixed/terraform/gcs/jobs=1,ephemeral/opentofu/gcs/jobs=1,ephemeral/"));
}

TEST(CompareRollOut, ToAnotherPlaceOfTheSameType) {
  const RollOutOfTwo found =
      roll_out(configuration("s3", kPlace + "use_lockfile = true"),
               configuration("s3", "bucket = \"b\"\nkey = \"moved\"\nuse_lockfile = true"));
  EXPECT_EQ(found.plan.relation, Relation::other_place);
  EXPECT_THAT(found.plan.differ, ElementsAre("key"));
  EXPECT_TRUE(found.crossing("A", "B", Way::old_jobs_go_on).opens.contains(Property::no_lost_update));
  EXPECT_TRUE(found.crossing("A", "B", Way::new_jobs_too_early).opens.contains(Property::no_drift));
  EXPECT_EQ(found.crossing("A", "B", Way::all_stopped).safety, Safety::safe);
}

TEST(CompareRollOut, ToAnotherTypeOfBackend) {
  const RollOutOfTwo found =
      roll_out(configuration("s3", kPlace + "use_lockfile = true"), configuration("gcs", "bucket = \"b\""));
  EXPECT_EQ(found.plan.relation, Relation::other_type);
  EXPECT_TRUE(found.crossing("A", "B", Way::old_jobs_go_on).opens.contains(Property::no_lost_update));
  EXPECT_EQ(found.crossing("A", "B", Way::all_stopped).safety, Safety::safe)
      << "what a killed first apply leaves on gcs is not the migration's";
}

TEST(CompareRollOut, SaysWhereItProvesNothing) {
  const RollOutOfTwo tables = roll_out(configuration("s3", kPlace + "dynamodb_table = \"one\""),
                                       configuration("s3", kPlace + "dynamodb_table = \"two\""));
  EXPECT_EQ(tables.plan.relation, Relation::other_lock);
  EXPECT_THAT(tables.plan.why_not, HasSubstr("dynamodb_table"));
  EXPECT_THAT(tables.plan.crossings, IsEmpty());
  // No store keeps a promise for some of its jobs only.
  const TerraformConfiguration locked = configuration("s3", kPlace + "use_lockfile = true");
  AuditOptions broken;
  broken.store["honours_if_none_match"] = "false";
  const RollOutOfTwo stores = roll_out(locked, locked, broken);
  EXPECT_EQ(stores.plan.relation, Relation::other_place);
  EXPECT_THAT(stores.plan.differ, ElementsAre("store"));
  const RollOutOfTwo same = roll_out(locked, locked);
  EXPECT_EQ(same.plan.relation, Relation::same);
  EXPECT_THAT(same.plan.crossings, IsEmpty());
}

// -backend-config wins over the block, on the way between as well.
TEST(CompareRollOut, KnowsWhatIsGivenOnTheCommandLine) {
  const TerraformConfiguration table = configuration("s3", kPlace + "dynamodb_table = \"t\"");
  AuditOptions options;
  options.settings = {{"use_lockfile", "true"}, {"dynamodb_table", ""}};
  const auto plan_a = plan_audit(table, {});
  const auto plan_b = plan_audit(table, options);
  ASSERT_TRUE(plan_a && plan_b);
  const RollOutPlan plan = plan_roll_out({*plan_a, table}, {*plan_b, table});
  ASSERT_EQ(plan.blocks.size(), 3U);
  EXPECT_EQ(plan.blocks[1].backend->summary(), "s3 with use_lockfile");
  EXPECT_EQ(plan.blocks[2].backend->summary(), "s3 with dynamodb_table and use_lockfile");
}

std::string block_with(const std::string& key, const std::string& lock) {
  return "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"" + key + "\"\n    " + lock +
         "\n  }\n}\n";
}

Inventory inventory_of_tree(const FileTree& tree) {
  InventoryOptions options;
  options.audit.faults = adversity_bit(Adversity::none);
  const std::vector<std::filesystem::path> paths{tree.root()};
  return take_inventory(paths, options);
}

TEST(CompareStates, ArePairedByTheirPlacesBelowTheRoots) {
  const FileTree a{{"app/main.tf", block_with("app", "use_lockfile = true")},
                   {"data/main.tf", block_with("data", "use_lockfile = true")},
                   {"old/main.tf", block_with("old", "use_lockfile = true")}};
  const FileTree b{{"app/main.tf", block_with("app", "use_lockfile = true")},
                   {"data/main.tf", block_with("data", "")},
                   {"new/main.tf", block_with("new", "")}};
  const Inventory in_a = inventory_of_tree(a);
  const Inventory in_b = inventory_of_tree(b);
  const PairedInventories paired = pair_states({in_a, a.root()}, {in_b, b.root()});
  ASSERT_EQ(paired.pairs.size(), 2U);
  EXPECT_THAT(paired.pairs[0].names, ElementsAre("app"));
  EXPECT_THAT(paired.pairs[1].names, ElementsAre("data"));
  EXPECT_NE(paired.pairs[0].b, paired.pairs[1].b);
  ASSERT_EQ(paired.only_in_a.size(), 1U);
  EXPECT_EQ(paired.only_in_a[0].name, "old");
  ASSERT_EQ(paired.only_in_b.size(), 1U);
  EXPECT_EQ(paired.only_in_b[0].name, "new");
}

TEST(CompareStates, OfOneDirectoryEachAreTheSameWhateverTheyAreCalled) {
  const FileTree a{{"before/main.tf", block_with("k", "")}};
  const FileTree b{{"after/main.tf", block_with("k", "use_lockfile = true")}};
  const Inventory in_a = inventory_of_tree(a);
  const Inventory in_b = inventory_of_tree(b);
  EXPECT_EQ(pair_states({in_a, a.root()}, {in_b, b.root()}).pairs.size(), 1U);
}

// What is completed by several files goes with the file of the same name, or with what is complete.
TEST(CompareStates, CompletedByFilesGoWithTheFileOfTheSameName) {
  const FileTree a{{"main.tf", kPartialBlock},
                   {"dev.tfbackend", "bucket = \"b\"\nkey = \"dev\"\nuse_lockfile = true\n"},
                   {"prod.tfbackend", "bucket = \"b\"\nkey = \"prod\"\n"}};
  const Inventory in_a = inventory_of_tree(a);
  ASSERT_EQ(in_a.set_ups.size(), 2U);
  const PairedInventories same = pair_states({in_a, a.root()}, {in_a, a.root()});
  ASSERT_EQ(same.pairs.size(), 2U);
  for (const PairedStates& pair : same.pairs) EXPECT_EQ(pair.a, pair.b);
  const FileTree b{{"main.tf", block_with("all", "use_lockfile = true")}};
  const Inventory in_b = inventory_of_tree(b);
  EXPECT_EQ(pair_states({in_a, a.root()}, {in_b, b.root()}).pairs.size(), 2U);
}

}  // namespace
}  // namespace lockstorm::scenarios
