#include "scenarios/campaigns/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

Inventory inventory_of(const FileTree& tree, InventoryOptions options = {}) {
  options.audit.faults = adversity_bit(Adversity::none);
  const std::vector<std::filesystem::path> paths{tree.root()};
  return take_inventory(paths, options);
}

std::string block_with(const std::string& arguments) {
  return "terraform {\n  backend \"s3\" {\n" + arguments + "\n  }\n}\n";
}

TEST(Inventory, StatesThatLockAlikeAreOneSetUp) {
  const FileTree tree{{"a/main.tf", block_with("bucket = \"x\"\nkey = \"a\"\nuse_lockfile = true")},
                      {"b/main.tf", block_with("bucket = \"y\"\nkey = \"b\"\nuse_lockfile = true")},
                      {"c/main.tf", block_with("bucket = \"x\"\nkey = \"c\"")}};
  const Inventory inventory = inventory_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 2U);
  EXPECT_EQ(inventory.set_ups[0].states.size(), 2U);
  EXPECT_EQ(inventory.set_ups[1].states.size(), 1U);
  EXPECT_THAT(inventory.complaints, IsEmpty());
}

TEST(Inventory, APartialBlockIsAnsweredForWithEachFileNearIt) {
  const FileTree tree{{"app/main.tf", kPartialBlock},
                      {"app/prod.s3.tfbackend", "bucket = \"b\"\nkey = \"k\"\nuse_lockfile = true\n"},
                      {"app/env/dev/backend.tfvars", "bucket = \"b\"\nkey = \"k\"\n"},
                      {"app/terraform.tfvars", "region = \"eu-west-1\"\nname = \"x\"\n"}};
  const Inventory inventory = inventory_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 2U);
  EXPECT_THAT(inventory.set_ups[0].states[0].completed_by, EndsWith("app/env/dev/backend.tfvars"));
  EXPECT_THAT(inventory.set_ups[1].states[0].completed_by, EndsWith("app/prod.s3.tfbackend"));
  EXPECT_THAT(inventory.complaints, IsEmpty());
}

TEST(Inventory, CandidatesAreLookedForUpToTheRootOfTheRepository) {
  FileTree tree{{"repo/.git/HEAD", ""},
                {"repo/live/app/main.tf", kPartialBlock},
                {"repo/config/backend.hcl", "bucket = \"b\"\nkey = \"k\"\nuse_lockfile = true\n"},
                {"config/backend.hcl", "bucket = \"outside\"\nkey = \"k\"\n"}};
  const Inventory inventory = inventory_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  ASSERT_EQ(inventory.set_ups[0].states.size(), 1U);
  EXPECT_THAT(inventory.set_ups[0].states[0].completed_by, EndsWith("repo/config/backend.hcl"));
}

TEST(Inventory, WithoutCandidatesWhatIsMissingIsAskedForByName) {
  const FileTree tree{{"main.tf", kPartialBlock}};
  const Inventory inventory = inventory_of(tree);
  EXPECT_THAT(inventory.set_ups, IsEmpty());
  ASSERT_EQ(inventory.complaints.size(), 1U);
  EXPECT_THAT(inventory.complaints[0].problem, HasSubstr("the block has no bucket and no key"));
}

TEST(Inventory, WhatIsGivenCompletesTheBlockAndNoCandidateIsTaken) {
  const FileTree tree{{"main.tf", kPartialBlock},
                      {"dev.tfbackend", "bucket = \"b\"\nkey = \"k\"\n"},
                      {"given.txt", "bucket = \"b\"\nkey = \"k\"\nuse_lockfile = true\n"}};
  InventoryOptions options;
  options.completed_with = *read_backend_file(tree.root() / "given.txt");
  const Inventory inventory = inventory_of(tree, options);
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  EXPECT_EQ(inventory.set_ups[0].states[0].completed_by, "");
  EXPECT_THAT(inventory.set_ups[0].plan.configurations[0].name, HasSubstr("s3+lockfile"));
}

TEST(Inventory, AForeignStoreIsAnsweredForBothWaysUntilSomebodyDecides) {
  const FileTree tree{
      {"main.tf", block_with("bucket = \"b\"\nkey = \"k\"\nuse_lockfile = true\nregion = \"auto\"\n"
                             "use_path_style = true")}};
  const Inventory both = inventory_of(tree);
  ASSERT_EQ(both.set_ups.size(), 2U);
  EXPECT_EQ(both.set_ups[0].plan.premise, "the store honours If-None-Match");
  EXPECT_EQ(both.set_ups[1].plan.premise, "the store ignores If-None-Match");
  EXPECT_THAT(both.set_ups[1].plan.configurations[0].name, HasSubstr("store:honours_if_none_match=false"));

  InventoryOptions options;
  options.audit.store = {{"honours_if_none_match", "false"}};
  const Inventory decided = inventory_of(tree, options);
  ASSERT_EQ(decided.set_ups.size(), 1U);
  EXPECT_EQ(decided.set_ups[0].plan.premise, "");
  EXPECT_THAT(decided.set_ups[0].plan.configurations[0].name, HasSubstr("store:honours_if_none_match=false"));

  options.audit.store = {{"honours_if_none_match", "perhaps"}};
  EXPECT_EQ(inventory_of(tree, options).complaints.size(), 1U);
}

TEST(Inventory, AWorkspaceThatQueuesItsRunsIsLeftOutOnceThatIsSaid) {
  const FileTree tree{{"hcp/main.tf", "terraform {\n  cloud {\n    organization = \"o\"\n  }\n}\n"},
                      {"s3/main.tf", kLockFileBlock}};
  EXPECT_EQ(inventory_of(tree).set_ups.size(), 2U);
  InventoryOptions options;
  options.audit.store = {{"execution_mode", "remote"}};
  const Inventory inventory = inventory_of(tree, options);
  EXPECT_THAT(inventory.complaints, IsEmpty());
  EXPECT_EQ(inventory.set_ups.size(), 1U);
  ASSERT_EQ(inventory.left_out.size(), 1U);
  EXPECT_THAT(inventory.left_out[0].why, HasSubstr("not applicable"));
}

TEST(Inventory, ABlockThatTheToolRefusesIsRefusedWithItsPlace) {
  const FileTree tree{{"main.tf", block_with("bucket = \"b\"\nkey = \"k\"\nencrypt = \"perhaps\"")}};
  const Inventory inventory = inventory_of(tree);
  ASSERT_EQ(inventory.complaints.size(), 1U);
  EXPECT_EQ(inventory.complaints[0].problem, "inappropriate value for encrypt: a bool is required");
  EXPECT_EQ(inventory.complaints[0].where.line, 5U);
}

}  // namespace
}  // namespace lockstorm::scenarios
