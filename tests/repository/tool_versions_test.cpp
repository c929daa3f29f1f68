// Blocks that a version of the tool would not start with.
#include "scenarios/campaigns/tool_versions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/campaigns/inventory.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Inventory read(const FileTree& tree, std::optional<models::Dialect> tool = std::nullopt) {
  InventoryOptions options;
  options.audit.faults = adversity_bit(Adversity::none);
  options.walk.read.tool = tool;
  options.audit.tool = tool;
  const std::vector<std::filesystem::path> paths{tree.root()};
  return take_inventory(paths, options);
}

std::string s3_with(const std::string& argument, const std::string& rest = "") {
  return "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    " + argument + "\n  }\n" +
         rest + "}\n";
}

std::string complaint_about(const FileTree& tree, std::optional<models::Dialect> tool = std::nullopt) {
  const Inventory inventory = read(tree, tool);
  return inventory.complaints.empty() ? "" : inventory.complaints.front().render();
}

TEST(ToolVersions, ThatDoNotKnowAnArgumentRefuseTheBlock) {
  const std::string block = s3_with("use_lockfile = true");
  const std::string refused =
      complaint_about({{".git/HEAD", ""}, {".terraform-version", "1.9.8\n"}, {"app/main.tf", block}});
  EXPECT_THAT(refused, HasSubstr("main.tf:5:5: error: Terraform 1.9.8 ("));
  EXPECT_THAT(refused, HasSubstr(".terraform-version:1) refuses the block: before 1.10 it has no argument "
                                 "'use_lockfile' in its s3 backend"));
  EXPECT_EQ(complaint_about({{".terraform-version", "1.10.0\n"}, {"main.tf", block}}), "");
  EXPECT_EQ(complaint_about({{".terraform-version", "1.10.0-beta1\n"}, {"main.tf", block}}), "");
  EXPECT_THAT(complaint_about({{".opentofu-version", "1.9.0\n"}, {"main.tf", block}}),
              HasSubstr("OpenTofu 1.9.0"));
}

TEST(ToolVersions, RequiredVersionsCountWhereTheyLetNoOtherIn) {
  for (const char* constraint : {"~> 1.9.0", "< 1.10", "1.5.7", ">= 1.3, < 1.9"}) {
    EXPECT_THAT(
        complaint_about({{"main.tf", s3_with("use_lockfile = true",
                                             "  required_version = \"" + std::string(constraint) + "\"\n")}}),
        HasSubstr("refuses the block: before 1.10"))
        << constraint;
  }
  for (const char* constraint : {">= 1.3", "~> 1.9", ">= 1.10", "nonsense"}) {
    EXPECT_EQ(
        complaint_about({{"main.tf", s3_with("use_lockfile = true",
                                             "  required_version = \"" + std::string(constraint) + "\"\n")}}),
        "")
        << constraint;
  }
}

TEST(ToolVersions, ThatHaveDroppedAnArgumentRefuseTheBlock) {
  const std::string block = s3_with("role_arn = \"arn:aws:iam::1:role/x\"");
  EXPECT_THAT(complaint_about({{".terraform-version", "1.11.4\n"}, {"main.tf", block}}),
              HasSubstr("refuses the block: since 1.10 it has no argument 'role_arn' in its s3 backend\n"
                        "  expected: assume_role = { role_arn = ... }"));
  EXPECT_EQ(complaint_about({{".terraform-version", "1.9.8\n"}, {"main.tf", block}}), "");
  EXPECT_EQ(complaint_about({{"main.tf", block}}, models::Dialect::opentofu), "");
}

TEST(ToolVersions, AreTakenForGrantedWhereNothingSaysThem) {
  const Inventory inventory = read({{"main.tf", s3_with("role_arn = \"arn:aws:iam::1:role/x\"")}});
  ASSERT_EQ(inventory.set_ups.size(), 1U);
  EXPECT_THAT(inventory.set_ups[0].plan.assumptions,
              testing::Contains(HasSubstr("Terraform is older than 1.10, which refuses the block")));
  const Inventory known = read({{".terraform-version", "1.9.8\n"}, {"main.tf", s3_with("role_arn = \"a\"")}});
  ASSERT_EQ(known.set_ups.size(), 1U);
  EXPECT_THAT(known.set_ups[0].plan.assumptions, Not(testing::Contains(HasSubstr("is older"))));
}

TEST(ToolVersions, OfWhichNoneTakesTheWholeBlock) {
  EXPECT_THAT(complaint_about({{"main.tf", s3_with("use_lockfile = true\n    role_arn = \"a\"")}}),
              HasSubstr("every version of Terraform refuses the block"));
}

TEST(ToolVersions, OfTheOtherToolAreNamed) {
  const FileTree tree{{"main.tf", s3_with("lock_tags = true")}};
  EXPECT_THAT(complaint_about(tree, models::Dialect::terraform),
              HasSubstr("Terraform's s3 backend has no argument 'lock_tags'"));
  EXPECT_THAT(complaint_about({{"main.tf",
                                "terraform {\n  backend \"kubernetes\" {\n    secret_suffix = \"s\"\n"
                                "    proxy_url = \"p\"\n  }\n}\n"}},
                              models::Dialect::opentofu),
              HasSubstr("OpenTofu's kubernetes backend has no argument 'proxy_url'"));
}

TEST(ToolVersions, OfWhichABackendIsYoungerRefuseIt) {
  EXPECT_THAT(
      complaint_about(
          {{".terraform-version", "1.11.0\n"},
           {"main.tf",
            "terraform {\n  backend \"oci\" {\n    bucket = \"b\"\n    namespace = \"n\"\n  }\n}\n"}}),
      HasSubstr("refuses the block: before 1.12 it has no backend 'oci'"));
}

TEST(ToolVersions, KnowEveryArgumentThatTheyList) {
  for (const BackendType* type : backend_types()) {
    for (const ArgumentVersions& known : type->versions) {
      std::string name;
      for (const char c : std::string(known.names) + " ") {
        if (c != ' ') {
          name += c;
          continue;
        }
        EXPECT_THAT(" " + std::string(type->arguments) + " ", HasSubstr(" " + name + " ")) << type->name;
        name.clear();
      }
    }
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
