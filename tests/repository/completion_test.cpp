// What completes backend blocks: the last init, the environment, arguments that jobs pass.
#include "scenarios/repository/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/campaigns/inventory.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

Inventory inventory_with(const FileTree& tree, Environment environment = {}) {
  InventoryOptions options;
  options.audit.faults = adversity_bit(Adversity::none);
  options.walk.read.environment = std::move(environment);
  const std::vector<std::filesystem::path> paths{tree.root()};
  return take_inventory(paths, options);
}

std::string name_of_only(const Inventory& inventory) {
  if (inventory.set_ups.size() != 1)
    return inventory.complaints.empty() ? "several" : inventory.complaints.front().render();
  return inventory.set_ups.front().plan.configurations.front().name;
}

/// All that is told of the first state, and taken for granted.
std::string said_of_only(const Inventory& inventory) {
  if (inventory.set_ups.empty()) return "nothing";
  std::string said;
  for (const EvaluatedArgument& one : inventory.set_ups[0].states[0].configuration.evaluated)
    said += told(one) + "\n";
  for (const std::string& one : inventory.set_ups[0].plan.assumptions) said += one + "\n";
  return said;
}

std::string initialised(const std::string& type, const std::string& config) {
  return R"({"version": 3, "terraform_version": "1.9.8", "backend": {"type": ")" + type + R"(", "config": )" +
         config + R"(, "hash": 1}})";
}

const std::string kHttp = "terraform {\n  backend \"http\" {}\n}\n";
const std::string kS3 =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    encrypt = true\n  }\n}\n";

TEST(LastInit, CompletesAPartialBlock) {
  const FileTree tree{
      {"main.tf", kPartialBlock},
      {".terraform/terraform.tfstate", initialised("s3", R"({"bucket": "b", "key": "k", "dynamodb_table": "t",
                                             "use_lockfile": null, "secret_key": "hidden"})")}};
  const Inventory inventory = inventory_with(tree);
  EXPECT_THAT(name_of_only(inventory), HasSubstr("/s3+dynamodb/"));
  EXPECT_THAT(inventory.set_ups[0].states[0].completed_by, EndsWith(".terraform/terraform.tfstate"));
  EXPECT_THAT(said_of_only(inventory), testing::Not(HasSubstr("hidden")));
}

TEST(LastInit, AddsToABlockThatItAgreesWith) {
  const FileTree tree{
      {"main.tf", kS3},
      {".terraform/terraform.tfstate",
       initialised("s3", R"({"bucket": "b", "key": "k", "encrypt": true, "use_lockfile": true})")}};
  const Inventory inventory = inventory_with(tree);
  EXPECT_THAT(name_of_only(inventory), HasSubstr("/s3+lockfile/"));
  EXPECT_THAT(said_of_only(inventory), HasSubstr("use_lockfile is true: the last init ("));
}

TEST(LastInit, DoesNotCountWhereTheBlockHasChangedSince) {
  for (const std::string config : {R"({"bucket": "other", "key": "k", "use_lockfile": true})",
                                   R"({"bucket": "b", "key": "k", "use_lockfile": true})"}) {
    const FileTree tree{{"main.tf", kS3}, {".terraform/terraform.tfstate", initialised("s3", config)}};
    const Inventory inventory = inventory_with(tree);
    EXPECT_THAT(name_of_only(inventory), HasSubstr("/s3/"));
    EXPECT_THAT(said_of_only(inventory), HasSubstr("the block counts as it stands"));
  }
  const FileTree moved{{"main.tf", kS3},
                       {".terraform/terraform.tfstate", initialised("gcs", R"({"bucket": "b"})")}};
  EXPECT_THAT(said_of_only(inventory_with(moved)), HasSubstr("has another backend"));
}

TEST(LastInit, IsOneOfTheFilesThatMayCompleteABlock) {
  FileTree tree{{"main.tf", kPartialBlock},
                {"dev.tfbackend", "bucket = \"b\"\nkey = \"dev\"\nuse_lockfile = true\n"},
                {"prod.tfbackend", "bucket = \"b\"\nkey = \"prod\"\nuse_lockfile = true\n"},
                {".terraform/terraform.tfstate",
                 initialised("s3", R"({"bucket": "b", "key": "dev", "use_lockfile": true})")}};
  EXPECT_EQ(inventory_with(tree).set_ups.at(0).states.size(), 2U);
  tree.add(".terraform/terraform.tfstate",
           initialised("s3", R"({"bucket": "b", "key": "mine", "use_lockfile": true})"));
  EXPECT_EQ(inventory_with(tree).set_ups.at(0).states.size(), 3U);
}

TEST(LastInit, IsWhereTheDataDirectoryIs) {
  const FileTree tree{{"main.tf", kPartialBlock},
                      {"data/terraform.tfstate", initialised("s3", R"({"bucket": "b", "key": "k"})")}};
  EXPECT_EQ(inventory_with(tree).complaints.size(), 1U);
  EXPECT_THAT(name_of_only(inventory_with(tree, {{"TF_DATA_DIR", "data"}})), HasSubstr("/s3/"));
}

TEST(LastInit, OfWhichNothingCanBeReadIsNone) {
  for (const char* text : {"", "{", "[]", R"({"version": 4, "backend": {"type": "s3", "config": {}}})",
                           R"({"version": 3, "backend": {"type": 3}})", R"({"version": 3})"}) {
    const FileTree tree{{"main.tf", kS3}, {".terraform/terraform.tfstate", text}};
    EXPECT_THAT(name_of_only(inventory_with(tree)), HasSubstr("/s3/")) << text;
  }
}

TEST(EnvironmentArguments, SayWhatTheBlockDoesNotAndAreTold) {
  const FileTree tree{{"main.tf", kHttp}};
  const Inventory inventory =
      inventory_with(tree, {{"TF_HTTP_ADDRESS", "https://user:secret@state/x"},
                            {"TF_HTTP_LOCK_ADDRESS", "https://user:secret@state/x/lock"},
                            {"TF_HTTP_UNLOCK_ADDRESS", "https://user:secret@state/x/lock"},
                            {"TF_HTTP_RETRY_MAX", ""}});
  EXPECT_THAT(name_of_only(inventory), HasSubstr("/http+lock+unlock/"));
  EXPECT_THAT(said_of_only(inventory), HasSubstr("lock_address comes from TF_HTTP_LOCK_ADDRESS"));
  EXPECT_THAT(said_of_only(inventory), testing::Not(HasSubstr("secret")));
  EXPECT_THAT(inventory_with(tree).complaints.front().problem, HasSubstr("no address"));
}

TEST(EnvironmentArguments, DoNotReplaceWhatTheBlockSays) {
  const FileTree tree{{"main.tf", "terraform {\n  backend \"azurerm\" {\n    snapshot = false\n  }\n}\n"},
                      {"b/main.tf", "terraform {\n  backend \"azurerm\" {}\n}\n"}};
  const Inventory inventory = inventory_with(tree, {{"ARM_SNAPSHOT", "true"}});
  ASSERT_EQ(inventory.set_ups.size(), 2U);
  EXPECT_THAT(inventory.set_ups[0].plan.configurations[0].name, HasSubstr("/azurerm/"));
  EXPECT_THAT(inventory.set_ups[1].plan.configurations[0].name, HasSubstr("/azurerm+snapshot/"));
}

TEST(EnvironmentArguments, AnEndpointOfTheEnvironmentMakesTheStoreAnother) {
  const FileTree tree{{"main.tf", kLockFileBlock}};
  EXPECT_EQ(inventory_with(tree).set_ups.size(), 1U);
  const Inventory inventory = inventory_with(tree, {{"AWS_ENDPOINT_URL_S3", "https://minio.internal"}});
  ASSERT_EQ(inventory.set_ups.size(), 2U);
  EXPECT_THAT(said_of_only(inventory), HasSubstr("AWS_ENDPOINT_URL_S3 names another store"));
  EXPECT_THAT(said_of_only(inventory), testing::Not(HasSubstr("minio")));
}

TEST(CliArguments, OfTheEnvironmentAreReadAsTheShellSplitsThem) {
  EXPECT_THAT(shell_words(R"( -a  "b c"  'd "e' f\ g "h\"i" "" )"),
              ElementsAre("-a", "b c", "d \"e", "f g", "h\"i", ""));
  EXPECT_THAT(shell_words(" \t"), IsEmpty());
}

TEST(CliArguments, OfInitCompleteTheBlock) {
  const FileTree tree{{"app/main.tf", kPartialBlock},
                      {"app/dev.txt", "bucket = \"b\"\nuse_lockfile = true\n"}};
  const Inventory inventory =
      inventory_with(tree, {{"TF_CLI_ARGS_init", "-backend-config=dev.txt -backend-config 'key=k'"}});
  EXPECT_THAT(name_of_only(inventory), HasSubstr("/s3+lockfile/"));
  EXPECT_THAT(said_of_only(inventory), HasSubstr("key is k: TF_CLI_ARGS_init"));
  const Inventory missing = inventory_with(tree, {{"TF_CLI_ARGS_init", "-backend-config=none.txt"}});
  ASSERT_EQ(missing.complaints.size(), 1U);
  EXPECT_EQ(missing.complaints[0].where.file, "TF_CLI_ARGS_init");
}

TEST(CliArguments, OfApplySayHowJobsWaitAndWhetherTheyLock) {
  const FileTree tree{{"main.tf", kLockFileBlock}};
  const Inventory waiting = inventory_with(tree, {{"TF_CLI_ARGS_apply", "-input=false -lock-timeout=5m"}});
  EXPECT_THAT(name_of_only(waiting), HasSubstr("lock-timeout=300000ms"));
  EXPECT_THAT(said_of_only(waiting), HasSubstr("-lock-timeout says (TF_CLI_ARGS_apply)"));
  const Inventory unlocked = inventory_with(tree, {{"TF_CLI_ARGS", "-lock=false"}});
  EXPECT_THAT(name_of_only(unlocked), HasSubstr("lock=false"));
  EXPECT_THAT(said_of_only(unlocked), HasSubstr("jobs pass -lock=false (TF_CLI_ARGS)"));
  // What is passed to all commands stands behind what is passed to one, and wins.
  const Inventory both =
      inventory_with(tree, {{"TF_CLI_ARGS", "-lock=true"}, {"TF_CLI_ARGS_apply", "-lock=false"}});
  EXPECT_THAT(name_of_only(both), testing::Not(HasSubstr("lock=false")));
}

TEST(CliArguments, TheUsersLockTimeoutCounts) {
  const FileTree tree{{"main.tf", kLockFileBlock}};
  InventoryOptions options;
  options.audit.lock_timeout_is_given = true;
  options.walk.read.environment = {{"TF_CLI_ARGS_apply", "-lock-timeout=5m"}};
  const std::vector<std::filesystem::path> paths{tree.root()};
  EXPECT_THAT(name_of_only(take_inventory(paths, options)), testing::Not(HasSubstr("lock-timeout")));
}

TEST(CliArguments, OfTerragruntAreReadToo) {
  const FileTree tree{
      {"main.tf", kLockFileBlock},
      {"terragrunt.hcl",
       "terraform {\n  extra_arguments \"retry\" {\n"
       "    commands  = get_terraform_commands_that_need_locking()\n"
       "    arguments = [\"-lock-timeout=20m\", \"-var=x=${get_aws_account_id()}\"]\n  }\n}\n"}};
  const Inventory inventory = inventory_with(tree);
  EXPECT_THAT(name_of_only(inventory), HasSubstr("lock-timeout=1200000ms"));
  EXPECT_THAT(said_of_only(inventory), HasSubstr("extra_arguments, "));
  EXPECT_THAT(said_of_only(inventory), HasSubstr("terragrunt.hcl:2"));
}

TEST(SelectedWorkspace, IsThatOfTheEnvironmentOrOfTheDirectory) {
  FileTree tree{{"main.tf", kLockFileBlock}};
  EXPECT_THAT(said_of_only(inventory_with(tree)), HasSubstr("default workspace"));
  const Inventory said = inventory_with(tree, {{"TF_WORKSPACE", "prod"}});
  EXPECT_THAT(name_of_only(said), HasSubstr("/s3+lockfile+workspace/"));
  EXPECT_THAT(said_of_only(said), HasSubstr("the workspace is prod: TF_WORKSPACE"));
  tree.add(".terraform/environment", "stage\n");
  EXPECT_THAT(said_of_only(inventory_with(tree)), HasSubstr("the workspace is stage: workspace select ("));
  EXPECT_THAT(said_of_only(inventory_with(tree, {{"TF_WORKSPACE", "default"}})),
              HasSubstr("default workspace"));
}

TEST(SelectedWorkspace, IsInTheNamesOfEveryBackendThatHasWorkspaces) {
  for (const char* block :
       {"backend \"pg\" {}", "backend \"consul\" {\n    path = \"p\"\n  }",
        "backend \"cos\" {\n    bucket = \"b\"\n  }", "backend \"oss\" {\n    bucket = \"b\"\n  }",
        "backend \"inmem\" {}", "backend \"oci\" {\n    bucket = \"b\"\n    namespace = \"n\"\n  }"}) {
    const FileTree tree{{"main.tf", "terraform {\n  " + std::string(block) + "\n}\n"}};
    EXPECT_THAT(name_of_only(inventory_with(tree, {{"TF_WORKSPACE", "prod"}})), HasSubstr("+workspace/"))
        << block;
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
