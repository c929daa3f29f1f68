// What Terragrunt's files say of each unit's backend.
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

FoundRoots units_of(const FileTree& tree, WalkOptions options = {}) {
  const std::vector<std::filesystem::path> paths{tree.root()};
  return find_roots(paths, options);
}

Inventory set_ups_of(const FileTree& tree, InventoryOptions options = {}) {
  options.audit.faults = adversity_bit(Adversity::none);
  const std::vector<std::filesystem::path> paths{tree.root()};
  return take_inventory(paths, options);
}

std::vector<std::string> directories_of(const FoundRoots& found, const FileTree& tree) {
  std::vector<std::string> names;
  for (const RootModule& root : found.roots)
    names.push_back(root.directory.lexically_relative(tree.root()).string());
  return names;
}

/// "text", or what stands for it.
std::string argument(const RootModule& root, const std::string& name) {
  if (!root.configuration.backend) return "no backend";
  const auto found = root.configuration.backend->arguments.find(name);
  if (found == root.configuration.backend->arguments.end()) return "absent";
  const AttributeValue& value = found->second.value;
  if (const auto* open = std::get_if<Unresolved>(&value)) return "open: " + open->expression;
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "a number" : *text;
}

const std::string kChild =
    "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n"
    "terraform {\n  source = \"tfr:///acme/app/aws?version=1.0.0\"\n}\n";

std::string root_with(const std::string& config, const std::string& rest = "") {
  return rest +
         "remote_state {\n  backend = \"s3\"\n  generate = {\n    path = \"backend.tf\"\n"
         "    if_exists = \"overwrite_terragrunt\"\n  }\n  config = {\n" +
         config + "\n  }\n}\n";
}

/// The one unit `live/app` below a root.hcl.
RootModule only_unit(const std::string& root_hcl, const std::string& child = kChild,
                     std::map<std::string, std::string> environment = {}) {
  const FileTree tree{{"live/root.hcl", root_hcl}, {"live/app/terragrunt.hcl", child}};
  WalkOptions options;
  options.read.environment = std::move(environment);
  FoundRoots found = units_of(tree, options);
  EXPECT_THAT(found.complaints, IsEmpty()) << found.complaints.front().render();
  if (found.roots.size() != 1) return {};
  return std::move(found.roots.front());
}

InputError only_complaint(const std::string& root_hcl, const std::string& child = kChild) {
  const FileTree tree{{"live/root.hcl", root_hcl}, {"live/app/terragrunt.hcl", child}};
  const FoundRoots found = units_of(tree);
  EXPECT_THAT(found.roots, IsEmpty());
  return found.complaints.size() == 1 ? found.complaints.front() : InputError{};
}

TEST(Terragrunt, AUnitHasTheBlockThatItsRootGeneratesWithItsOwnKey) {
  const FileTree tree{
      {"live/root.hcl", root_with("bucket = \"b\"\n"
                                  "key = \"${path_relative_to_include()}/terraform.tfstate\"\n"
                                  "dynamodb_table = \"locks\"\nskip_bucket_versioning = true")},
      {"live/dev/app/terragrunt.hcl", kChild},
      {"live/prod/app/terragrunt.hcl", kChild}};
  const FoundRoots found = units_of(tree);
  EXPECT_THAT(found.complaints, IsEmpty());
  ASSERT_THAT(directories_of(found, tree), ElementsAre("live/dev/app", "live/prod/app"));
  EXPECT_EQ(argument(found.roots[0], "key"), "dev/app/terraform.tfstate");
  EXPECT_EQ(argument(found.roots[1], "key"), "prod/app/terraform.tfstate");
  EXPECT_EQ(argument(found.roots[1], "dynamodb_table"), "locks");
  EXPECT_EQ(argument(found.roots[1], "skip_bucket_versioning"), "absent");
  const SourceLocation& where = found.roots[0].configuration.backend->where;
  EXPECT_THAT(where.file, EndsWith("live/root.hcl"));
  EXPECT_EQ(where.line, 1U);
  EXPECT_EQ(found.roots[0].configuration.backend->arguments.at("bucket").where.line, 8U);
}

TEST(Terragrunt, ManyUnitsOfOneRootAreOneSetUp) {
  FileTree tree{{"live/root.hcl", root_with("bucket = \"b\"\nkey = path_relative_to_include()\n"
                                            "use_lockfile = true")}};
  for (int i = 0; i < 50; ++i) tree.add("live/unit" + std::to_string(i) + "/terragrunt.hcl", kChild);
  const Inventory inventory = set_ups_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  EXPECT_EQ(inventory.set_ups[0].states.size(), 50U);
  EXPECT_THAT(inventory.set_ups[0].plan.configurations[0].name, HasSubstr("s3+lockfile"));
  EXPECT_THAT(inventory.set_ups[0].plan.where.file, EndsWith("root.hcl"));
}

TEST(Terragrunt, WithoutGenerateRemoteStateCompletesTheBlockBesideIt) {
  const FileTree tree{{"app/main.tf", kPartialBlock},
                      {"app/terragrunt.hcl",
                       "remote_state {\n  backend = \"s3\"\n  config = {\n"
                       "    bucket = \"b\"\n    key = \"k\"\n    lock_table = \"t\"\n  }\n}\n"}};
  const Inventory inventory = set_ups_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  EXPECT_THAT(inventory.set_ups[0].plan.configurations[0].name, HasSubstr("s3+dynamodb"));
  EXPECT_THAT(inventory.set_ups[0].plan.where.file, EndsWith("terragrunt.hcl"));
}

TEST(Terragrunt, WithoutGenerateAModuleNeedsABlock) {
  const FileTree tree{{"app/main.tf", "resource \"terraform_data\" \"one\" {}\n"},
                      {"app/terragrunt.hcl",
                       "remote_state {\n  backend = \"s3\"\n  config = {\n"
                       "    bucket = \"b\"\n    key = \"k\"\n  }\n}\n"}};
  const FoundRoots found = units_of(tree);
  ASSERT_EQ(found.complaints.size(), 1U);
  EXPECT_THAT(found.complaints[0].problem, HasSubstr("no backend \"s3\" block"));
  EXPECT_EQ(found.complaints[0].where.line, 1U);
}

TEST(Terragrunt, AModuleFromElsewhereIsTakenToHaveTheBlockThatIsCompleted) {
  const RootModule unit = only_unit(
      "remote_state {\n  backend = \"gcs\"\n  config = {\n    bucket = \"b\"\n"
      "    project = \"p\"\n  }\n}\n");
  ASSERT_TRUE(unit.configuration.backend);
  EXPECT_EQ(unit.configuration.backend->type, "gcs");
  EXPECT_EQ(argument(unit, "project"), "absent");
  EXPECT_THAT(unit.configuration.assumptions.front(), HasSubstr("an empty backend \"gcs\" block"));
}

TEST(Terragrunt, AModuleFromElsewhereWithoutRemoteStateIsAskedAbout) {
  const InputError complaint = only_complaint("");
  EXPECT_THAT(complaint.problem, HasSubstr("the module comes from elsewhere"));
  EXPECT_EQ(complaint.where.line, 5U);
}

TEST(Terragrunt, GenerateBlocksAreReadAsTheFilesThatTheyWrite) {
  const RootModule unit = only_unit(
      "generate \"backend\" {\n  path = \"backend.tf\"\n  if_exists = \"overwrite\"\n  contents = <<EOF\n"
      "terraform {\n  required_version = \"1.10.5\"\n  backend \"s3\" {\n    bucket = \"b\"\n"
      "    key = \"${path_relative_to_include()}/x\"\n    use_lockfile = true\n  }\n}\nEOF\n}\n");
  EXPECT_EQ(argument(unit, "key"), "app/x");
  EXPECT_EQ(argument(unit, "use_lockfile"), "true");
  EXPECT_EQ(unit.configuration.backend->where.line, 1U);
  EXPECT_EQ(unit.configuration.required_versions.size(), 1U);
}

TEST(Terragrunt, WhatIsGeneratedAndBrokenIsToldAtTheBlockThatGeneratesIt) {
  const InputError complaint = only_complaint(
      "\ngenerate \"backend\" {\n  path = \"backend.tf\"\n  if_exists = \"overwrite\"\n"
      "  contents = \"terraform {\"\n}\n");
  EXPECT_THAT(complaint.problem, HasSubstr("generated"));
  EXPECT_EQ(complaint.where.line, 2U);
}

TEST(Terragrunt, ALocalModuleIsReadAndNoRootOfItsOwn) {
  const FileTree tree{
      {".git/HEAD", ""},
      {"modules/app/main.tf", kPartialBlock},
      {"modules/free/main.tf", kLockFileBlock},
      {"live/app/terragrunt.hcl",
       "terraform {\n  source = \"${get_repo_root()}//modules/app?ref=v1\"\n}\n"
       "remote_state {\n  backend = \"s3\"\n  config = {\n    bucket = \"b\"\n    key = \"k\"\n"
       "    use_lockfile = true\n  }\n}\n"},
      {"live/free/terragrunt.hcl", "terraform {\n  source = \"../../modules//free\"\n}\n"}};
  const FoundRoots found = units_of(tree);
  EXPECT_THAT(found.complaints, IsEmpty());
  EXPECT_THAT(directories_of(found, tree), ElementsAre("live/app", "live/free", "modules/free"));
  ASSERT_EQ(found.left_out.size(), 1U);
  EXPECT_THAT(found.left_out[0].directory.string(), EndsWith("modules/app"));
  EXPECT_THAT(found.left_out[0].why, HasSubstr("Terragrunt's units run"));
  EXPECT_EQ(argument(found.roots[0], "use_lockfile"), "true");
  EXPECT_EQ(argument(found.roots[1], "key"), "k");
}

TEST(Terragrunt, AParentThatIsOnlyIncludedIsNoUnit) {
  const FileTree tree{{"terragrunt.hcl", root_with("bucket = \"b\"\nkey = \"k\"")},
                      {"app/terragrunt.hcl", "include {\n  path = find_in_parent_folders()\n}\n"},
                      {"app/main.tf", "resource \"terraform_data\" \"one\" {}\n"},
                      {"other/terragrunt.hcl", "inputs = {}\n"}};
  const FoundRoots found = units_of(tree);
  EXPECT_THAT(directories_of(found, tree), ElementsAre("app"));
  EXPECT_EQ(found.left_out.size(), 2U);
  EXPECT_THAT(found.complaints, IsEmpty());
}

TEST(Terragrunt, ALoneFileThatGeneratesABackendIsAUnit) {
  const FileTree tree{{"app/terragrunt.hcl", root_with("bucket = \"b\"\nkey = \"k\"")}};
  EXPECT_THAT(directories_of(units_of(tree), tree), ElementsAre("app"));
}

TEST(Terragrunt, ValuesComeFromOtherFilesAsTerragruntReadsThem) {
  const FileTree tree{
      {"live/root.hcl",
       root_with("bucket = \"${local.account.locals.name}-${local.common.prefix}\"\n"
                 "key = \"${basename(get_terragrunt_dir())}/${local.parts[0]}\"\n"
                 "dynamodb_table = local.account.locals.lock ? \"locks\" : null",
                 "locals {\n"
                 "  account = read_terragrunt_config(find_in_parent_folders(\"account.hcl\"))\n"
                 "  common = yamldecode(file(\"common.yaml\"))\n"
                 "  parts = split(\"/\", path_relative_to_include())\n}\n")},
      {"live/common.yaml", "prefix: state\nlist: [1, 2]\n"},
      {"live/prod/account.hcl", "locals {\n  name = \"acme\"\n  lock = true\n}\n"},
      {"live/prod/app/terragrunt.hcl", kChild}};
  const FoundRoots found = units_of(tree);
  ASSERT_EQ(found.roots.size(), 1U) << found.complaints.front().render();
  EXPECT_EQ(argument(found.roots[0], "bucket"), "acme-state");
  EXPECT_EQ(argument(found.roots[0], "key"), "app/prod");
  EXPECT_EQ(argument(found.roots[0], "dynamodb_table"), "locks");
}

TEST(Terragrunt, WhatOnlyARunKnowsStaysSymbolic) {
  const std::string locals = "locals {\n  account = get_aws_account_id()\n}\n";
  const RootModule unit = only_unit(root_with(
      "bucket = \"acme-${local.account}\"\nkey = \"k\"\ndynamodb_table = \"locks-${local.account}\"\n"
      "role_arn = run_cmd(\"get\", \"role\")",
      locals));
  EXPECT_EQ(argument(unit, "bucket"), "open: acme-${get_aws_account_id()}");
  EXPECT_EQ(argument(unit, "dynamodb_table"), "open: locks-${get_aws_account_id()}");
  EXPECT_EQ(argument(unit, "role_arn"), "open: run_cmd()");
}

TEST(Terragrunt, ASymbolDecidesNothing) {
  const FileTree tree{
      {"live/root.hcl", root_with("bucket = \"b\"\nkey = \"k\"\n"
                                  "use_lockfile = get_aws_account_id() == \"1\" ? true : false")},
      {"live/app/terragrunt.hcl", kChild}};
  const Inventory open = set_ups_of(tree);
  ASSERT_EQ(open.complaints.size(), 1U);
  EXPECT_THAT(open.complaints[0].problem, HasSubstr("use_lockfile is not known"));
  EXPECT_EQ(open.complaints[0].where.line, 10U);
  InventoryOptions options;
  options.audit.settings = {{"use_lockfile", "true"}};
  EXPECT_EQ(set_ups_of(tree, options).set_ups.size(), 1U);
}

TEST(Terragrunt, TheEnvironmentIsAskedAndItsPartIsTold) {
  const std::string root =
      root_with("bucket = \"b\"\nkey = \"k\"\ndynamodb_table = get_env(\"LOCK_TABLE\", \"\")");
  const RootModule without = only_unit(root);
  EXPECT_EQ(argument(without, "dynamodb_table"), "");
  ASSERT_EQ(without.configuration.evaluated.size(), 2U);
  EXPECT_THAT(told(without.configuration.evaluated[1]),
              HasSubstr("dynamodb_table is empty: get_env()'s default (LOCK_TABLE is not set)"));
  const RootModule with = only_unit(root, kChild, {{"LOCK_TABLE", "locks"}});
  EXPECT_EQ(argument(with, "dynamodb_table"), "locks");
  EXPECT_EQ(told(with.configuration.evaluated[1]), "dynamodb_table is locks: LOCK_TABLE");
  const RootModule unset = only_unit(root_with("bucket = get_env(\"BUCKET\")\nkey = \"k\""));
  EXPECT_EQ(argument(unset, "bucket"), "open: get_env()");
}

TEST(Terragrunt, TheUnitCountsBeforeWhatItIncludesAndTheLastIncludeBeforeTheFirst) {
  const auto state = [](const std::string& key) {
    return root_with("bucket = \"b\"\nkey = \"" + key + "\"");
  };
  const std::string includes =
      "include \"a\" {\n  path = \"../a.hcl\"\n}\ninclude \"b\" {\n  path = \"../b.hcl\"\n}\n"
      "include \"c\" {\n  path = \"../c.hcl\"\n  merge_strategy = \"no_merge\"\n}\n";
  FileTree tree{{"a.hcl", state("a")}, {"b.hcl", state("b")}, {"c.hcl", state("c")}};
  tree.add("one/terragrunt.hcl", includes);
  tree.add("two/terragrunt.hcl", includes + state("own"));
  const FoundRoots found = units_of(tree);
  ASSERT_EQ(found.roots.size(), 2U);
  EXPECT_EQ(argument(found.roots[0], "key"), "b");
  EXPECT_EQ(argument(found.roots[1], "key"), "own");
}

TEST(Terragrunt, AnExposedIncludeGivesItsValuesAndOthersDoNot) {
  const std::string root = "locals {\n  bucket = \"b-${path_relative_to_include()}\"\n}\n";
  const auto child = [](const std::string& expose) {
    return "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n" + expose + "}\n" +
           root_with("bucket = include.root.locals.bucket\nkey = \"k\"");
  };
  EXPECT_EQ(argument(only_unit(root, child("  expose = true\n")), "bucket"), "b-app");
  EXPECT_THAT(only_complaint(root, child("")).problem, HasSubstr("the include 'root' is not exposed"));
}

TEST(Terragrunt, PathFunctionsGoByTheUnit) {
  const std::string root =
      "locals {\n  dirs = [basename(get_parent_terragrunt_dir()), basename(get_terragrunt_dir()), "
      "path_relative_from_include(), basename(get_original_terragrunt_dir())]\n}\n";
  EXPECT_EQ(argument(only_unit(root_with("bucket = join(\",\", local.dirs)\nkey = \"k\"", root)), "bucket"),
            "live,app,..,app");
}

TEST(Terragrunt, CirclesAndMissingFilesAreToldWithTheirPlace) {
  const InputError missing = only_complaint("\nlocals {\n  x = read_terragrunt_config(\"none.hcl\")\n}\n" +
                                            root_with("bucket = local.x.locals.y\nkey = \"k\""));
  EXPECT_THAT(missing.problem, HasSubstr("the file to read is not there"));
  EXPECT_THAT(missing.where.file, EndsWith("live/root.hcl"));
  EXPECT_EQ(missing.where.line, 3U);
  EXPECT_EQ(missing.where.column, 7U);

  const InputError nowhere =
      only_complaint("", "include \"x\" {\n  path = find_in_parent_folders(\"nowhere.hcl\")\n}\n");
  EXPECT_THAT(nowhere.problem, HasSubstr("no folder above has a 'nowhere.hcl'"));
  EXPECT_EQ(nowhere.where.line, 2U);

  const InputError itself =
      only_complaint("locals {\n  x = read_terragrunt_config(\"../app/terragrunt.hcl\")\n}\n" +
                     root_with("bucket = local.x.inputs.y\nkey = \"k\""));
  EXPECT_THAT(itself.problem, HasSubstr("in a circle"));

  const InputError local = only_complaint("locals {\n  a = local.b\n  b = local.a\n}\n" +
                                          root_with("bucket = local.a\nkey = \"k\""));
  EXPECT_THAT(local.problem, HasSubstr("refers to itself"));

  const InputError nested = only_complaint("include \"more\" {\n  path = \"other.hcl\"\n}\n");
  EXPECT_THAT(nested.problem, HasSubstr("one level of includes"));
}

TEST(Terragrunt, ABrokenRootIsToldOnceAndOtherUnitsAreAnswered) {
  const FileTree tree{{"a/root.hcl", "remote_state {\n  backend = \n}\n"},
                      {"a/one/terragrunt.hcl", kChild},
                      {"a/two/terragrunt.hcl", kChild},
                      {"b/root.hcl", root_with("bucket = \"b\"\nkey = \"k\"")},
                      {"b/one/terragrunt.hcl", kChild}};
  const FoundRoots found = units_of(tree);
  EXPECT_THAT(directories_of(found, tree), ElementsAre("b/one"));
  ASSERT_EQ(found.complaints.size(), 1U);
  EXPECT_THAT(found.complaints[0].where.file, EndsWith("a/root.hcl"));
  EXPECT_EQ(found.complaints[0].where.line, 2U);
}

TEST(Terragrunt, AFileThatWouldBeReplacedIsToldAsTerragruntDoes) {
  const std::string unit = root_with("bucket = \"b\"\nkey = \"k\"");
  const FileTree own{
      {"app/terragrunt.hcl", unit},
      {"app/backend.tf", "# Generated by Terragrunt. Sig: x\nterraform {\n  backend \"local\" {}\n}\n"}};
  ASSERT_EQ(units_of(own).roots.size(), 1U);
  EXPECT_EQ(units_of(own).roots[0].configuration.backend->type, "s3");
  const FileTree others{{"app/terragrunt.hcl", unit},
                        {"app/backend.tf", "terraform {\n  backend \"local\" {}\n}\n"}};
  ASSERT_EQ(units_of(others).complaints.size(), 1U);
  EXPECT_THAT(units_of(others).complaints[0].problem, HasSubstr("the file to generate is there already"));
}

TEST(Terragrunt, TheBinaryDecidesForTheTool) {
  const RootModule unit =
      only_unit("terraform_binary = \"/usr/bin/tofu\"\n" + root_with("bucket = \"b\"\nkey = \"k\""));
  EXPECT_EQ(unit.tool.tool, models::Dialect::opentofu);
  EXPECT_THAT(unit.tool.reason, HasSubstr("root.hcl:1 sets terraform_binary"));
}

TEST(Terragrunt, TheCaseOfTheCollection) {
  const FileTree tree{
      {"main.tf", "resource \"terraform_data\" \"one\" {}\n"},
      {"terragrunt.hcl", root_with("bucket = \"acme-state\"\n"
                                   "key = \"${path_relative_to_include()}/terraform.tfstate\"\n"
                                   "dynamodb_table = \"acme-locks\"")}};
  const Inventory inventory = set_ups_of(tree);
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  EXPECT_THAT(inventory.set_ups[0].plan.configurations[0].name, HasSubstr("/s3+dynamodb/"));
}

}  // namespace
}  // namespace lockstorm::scenarios
