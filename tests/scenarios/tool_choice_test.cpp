// Which tool a configuration is taken to be for, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "scenarios/config/tool_choice.hpp"
#include "scenarios/config/version_files.hpp"
#include "test_paths.hpp"
#include "tests/printers.hpp"
#include "tests/scenarios/module_directory.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Dialect;
using testing::EndsWith;
using testing::HasSubstr;

constexpr std::string_view kPlain = "terraform {\n  backend \"s3\" {}\n}\n";

ToolChoice choice_of(const ModuleDirectory& module, std::optional<Dialect> asked = std::nullopt,
                     std::string_view below = "") {
  const auto directory = module.root() / below;
  const auto configuration = read_terraform_configuration(directory, ReadOptions{});
  if (configuration) return choose_tool(*configuration, directory, asked);
  ADD_FAILURE() << configuration.error().render();
  return {};
}

std::string version_of(const ToolChoice& choice) { return choice.version ? choice.version->version : "none"; }

TEST(ToolChoice, IsTerraformWhereNothingSpeaks) {
  const ModuleDirectory module;
  module.write("main.tf", kPlain);
  const ToolChoice choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::terraform);
  EXPECT_EQ(choice.reason, "nothing speaks for OpenTofu");
  EXPECT_FALSE(choice.is_told);
  EXPECT_EQ(version_of(choice), "none");
}

TEST(ToolChoice, WhatIsAskedForComesFirst) {
  const ModuleDirectory module;
  module.write("main.tofu", kPlain);
  const ToolChoice choice = choice_of(module, Dialect::terraform);
  EXPECT_EQ(choice.tool, Dialect::terraform);
  EXPECT_EQ(choice.reason, "--tool");
  EXPECT_TRUE(choice.is_told);
}

TEST(ToolChoice, VersionFilesDecideBeforeTheConfiguration) {
  const ModuleDirectory module;
  module.write("main.tofu", kPlain);
  module.write(".terraform-version", "# pinned\n1.9.8\n");
  ToolChoice choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::terraform);
  EXPECT_THAT(choice.reason, EndsWith(".terraform-version is there"));
  EXPECT_EQ(version_of(choice), "1.9.8");
  EXPECT_EQ(choice.version->where.line, 2U);

  module.write(".opentofu-version", "latest:^1.10\n");  // one for each: neither decides
  choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::opentofu);
  EXPECT_THAT(choice.reason, HasSubstr("only OpenTofu reads "));
  EXPECT_EQ(version_of(choice), "none");
}

TEST(ToolChoice, ReadsAsdfAndMise) {
  const ModuleDirectory module;
  module.write("main.tf", kPlain);
  module.write(".tool-versions", "nodejs 20.1.0\nopentofu 1.10.0 1.9.0 # newest first\n");
  ToolChoice choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::opentofu);
  EXPECT_EQ(version_of(choice), "1.10.0");
  std::filesystem::remove(module.root() / ".tool-versions");
  for (const std::string_view line :
       {"opentofu = \"1.10\"", "\"aqua:opentofu/opentofu\" = { os = \"linux\", version = '1.10' }",
        "opentofu = [\"1.10\", \"1.9\"]"}) {
    module.write("mise.toml", "[env]\nterraform = \"1.2\"\n[tools]\n" + std::string(line) + "\n");
    choice = choice_of(module);
    EXPECT_EQ(choice.tool, Dialect::opentofu) << line;
    EXPECT_EQ(version_of(choice), "1.10") << line;
    EXPECT_EQ(choice.where.line, 4U) << line;
  }
  module.write("mise.toml", "[tools.terraform]\nversion = \"1.9\"\n");
  EXPECT_EQ(choice_of(module).tool, Dialect::terraform);
  EXPECT_TRUE(choice_of(module).is_told);
}

TEST(ToolChoice, VersionFilesAreLookedForUpToTheRootOfTheRepository) {
  const ModuleDirectory module;
  module.write("repository/infra/app/main.tf", kPlain);
  module.write(".opentofu-version", "1.8.0\n");  // outside
  EXPECT_EQ(choice_of(module, {}, "repository/infra/app").tool, Dialect::terraform);
  module.write("repository/.git/HEAD", "");
  EXPECT_EQ(choice_of(module, {}, "repository/infra/app").tool, Dialect::terraform);
  module.write("repository/.opentofu-version", "v1.9.1");
  const ToolChoice choice = choice_of(module, {}, "repository/infra/app/");
  EXPECT_EQ(choice.tool, Dialect::opentofu);
  EXPECT_EQ(version_of(choice), "1.9.1");
  module.write("repository/infra/.terraform-version", "1.5.7");
  EXPECT_EQ(choice_of(module, {}, "repository/infra/app").tool, Dialect::terraform);  // the nearest
}

TEST(ToolChoice, TheRegistryOfTheLockFileSpeaks) {
  const ModuleDirectory module;
  module.write("main.tf", kPlain);
  module.write(".terraform.lock.hcl",
               "provider \"registry.opentofu.org/hashicorp/aws\" {\n  version = \"5.0.0\"\n}\n");
  ToolChoice choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::opentofu);
  EXPECT_THAT(choice.reason, EndsWith(".terraform.lock.hcl has providers of registry.opentofu.org"));
  module.write(".terraform.lock.hcl", "provider \"registry.terraform.io/hashicorp/aws\" {}\n");
  choice = choice_of(module);
  EXPECT_EQ(choice.tool, Dialect::terraform);
  EXPECT_TRUE(choice.is_told);
  for (const std::string_view undecided :
       {"provider \"registry.terraform.io/a/b\" {}\nprovider \"registry.opentofu.org/a/b\" {}\n",
        "provider \"example.com/a/b\" {}\n", "broken {\n"}) {
    module.write(".terraform.lock.hcl", undecided);
    EXPECT_FALSE(choice_of(module).is_told) << undecided;
  }
}

TEST(ToolChoice, WhatTerraformRefusesSpeaksForOpenTofu) {
  const std::filesystem::path cases = std::filesystem::path(LOCKSTORM_TEST_DATA) / "terraform_config/cases";
  const auto choice_at = [&](const char* name) {
    const auto configuration = read_terraform_configuration(cases / name, ReadOptions{});
    return choose_tool(configuration.value(), cases / name, std::nullopt);
  };
  const ToolChoice encryption = choice_at("encryption-block");
  EXPECT_EQ(encryption.tool, Dialect::opentofu);
  EXPECT_THAT(encryption.reason, EndsWith("main.tf:2 has an encryption block, which Terraform refuses"));
  EXPECT_EQ(encryption.where.column, 3U);
  const ToolChoice variable = choice_at("variable-default");
  EXPECT_EQ(variable.tool, Dialect::opentofu);
  EXPECT_THAT(variable.reason, EndsWith("main.tf:12 has local.table in the backend block, where Terraform "
                                        "takes neither variables nor functions"));

  const ModuleDirectory module;
  module.write("main.tf", kPlain);
  module.write("language.tf", "language {\n  compatible_with {\n    opentofu = \">= 1.12\"\n  }\n}\n");
  EXPECT_THAT(choice_of(module).reason,
              EndsWith("language.tf:1 has a language block, which Terraform does not know"));
}

TEST(ToolChoice, AnExactRequiredVersionIsTheVersion) {
  const ModuleDirectory module;
  for (const auto& [constraint, version] :
       {std::pair{"= 1.9.8", "1.9.8"}, {"1.10.2", "1.10.2"}, {">= 1.9", "none"}, {"~> 1.9.0", "none"}}) {
    module.write("main.tf", "terraform {\n  required_version = \"" + std::string(constraint) + "\"\n}\n");
    EXPECT_EQ(version_of(choice_of(module)), version) << constraint;
  }
}

TEST(VersionFiles, KnowPlainVersions) {
  for (const char* version : {"1.9", "1.10.2", "1.10.0-beta1"}) EXPECT_TRUE(is_plain_version(version));
  for (const char* other : {"", "1", "latest", "latest:^1.9", "1.", ".1", "1..2", "1.2.3.4", "min-required"})
    EXPECT_FALSE(is_plain_version(other)) << other;
}

}  // namespace
}  // namespace lockstorm::scenarios
