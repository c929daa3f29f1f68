// What the reader of Terraform configurations finds: values, merging, and which files of a directory count.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>

#include "scenarios/config/config_reader.hpp"
#include "test_paths.hpp"

namespace lockstorm::scenarios {
namespace {

using std::filesystem::path;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

path valid(std::string_view name) { return path(LOCKSTORM_TEST_DATA) / "terraform_config/valid" / name; }

TerraformConfiguration configuration_at(const path& where) {
  auto configuration = read_terraform_configuration(where);
  if (!configuration) {
    ADD_FAILURE() << configuration.error().render();
    return {};
  }
  return std::move(*configuration);
}

std::string configuration_error_of(const path& where) {
  const auto configuration = read_terraform_configuration(where);
  return configuration ? "no error" : configuration.error().render();
}

/// The arguments of the backend, without their places.
std::map<std::string, AttributeValue> arguments_at(const path& where) {
  const TerraformConfiguration configuration = configuration_at(where);
  std::map<std::string, AttributeValue> values;
  if (!configuration.backend) return values;
  for (const auto& [name, attribute] : configuration.backend->arguments)
    values.emplace(name, attribute.value);
  return values;
}

AttributeValue text(std::string_view value) { return std::string(value); }
AttributeValue unresolved(std::string_view expression) { return Unresolved{std::string(expression)}; }

/// A directory of the test's own, removed with it.
class ConfigurationDirectory {
 public:
  ConfigurationDirectory() : root_(path(testing::TempDir()) / ("lockstorm-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~ConfigurationDirectory() { std::filesystem::remove_all(root_); }
  ConfigurationDirectory(const ConfigurationDirectory&) = delete;
  ConfigurationDirectory& operator=(const ConfigurationDirectory&) = delete;

  path write(std::string_view name, std::string_view content) const {
    std::ofstream(root_ / name, std::ios::binary) << content;
    return root_ / name;
  }
  [[nodiscard]] const path& root() const { return root_; }

 private:
  path root_;
};

TEST(TerraformConfig, ReadsABackendAmongEveryConstructOfTheLanguage) {
  const path directory = valid("everything");
  const std::string file = (directory / "main.tf").string();
  const TerraformConfiguration configuration = configuration_at(directory);
  EXPECT_THAT(configuration.files, ElementsAre(file));
  EXPECT_THAT(configuration.required_versions,
              ElementsAre(Pair(">= 1.5.0, < 2.0.0", SourceLocation{file, 6, 3})));
  EXPECT_FALSE(configuration.cloud);
  ASSERT_TRUE(configuration.backend);
  EXPECT_EQ(configuration.backend->type, "s3");
  EXPECT_EQ(configuration.backend->where, (SourceLocation{file, 18, 3}));
  EXPECT_EQ(configuration.backend->arguments.at("use_lockfile"), (Attribute{false, {file, 23, 5}}));

  const std::map<std::string, AttributeValue> expected{
      {"bucket", text("acme-state")},
      {"key", text("network/default/terraform.tfstate")},
      {"region", unresolved("var.region")},
      {"encrypt", true},
      {"use_lockfile", false},
      {"max_retries", 5.0},
      {"skip_region", text("trüe")},
      {"profile", text("x")},
      {"workspace_key_prefix", text("envs")},
      {"assume_role", unresolved("{\n      role_arn = \"arn:aws:iam::123456789012:role/state\"\n"
                                 "      tags     = { \"k:v\" = \"1\" }\n    }")},
      {"allowed_account_ids",
       unresolved("[\n      \"123456789012\", # the only one\n      \"210987654321\",\n    ]")},
  };
  EXPECT_EQ(arguments_at(directory), expected);
}

TEST(TerraformConfig, ResolvesLiteralsAndWhatIsPutTogetherFromThem) {
  const std::map<std::string, AttributeValue> expected{
      {"escapes", text("\n\r\t\"\\é\U0001F512|A")},
      {"templates", text("${a} %{b} $ % $$ %% $x $$${c}")},
      {"empty", text("")},
      {"heredoc", text("  keeps its indentation\n\"and\" \\n ${x} %{y} $$\n  EOT is not alone\n\n")},
      {"stripped", text("two\n  four\n   \n\ttab\n\n${x}\n")},
      {"nothing", text("")},
      {"templated", text(".\n")},
      {"yes", true},
      {"no", false},
      {"integer", 42.0},
      {"fraction", 1.5e-3},
      {"negative", -7.0},
      {"big", unresolved("1e400")},
      {"sum", 2.0},
      {"concat", false},
      {"both", false},
      {"call", unresolved(R"(f("x"))")},
      {"wrapped", text("x")},
      {"list", unresolved("[]")},
  };
  EXPECT_EQ(arguments_at(valid("literals")), expected);
  EXPECT_EQ(configuration_at(valid("literals")).backend->type, "consul");  // a bare label
}

TEST(TerraformConfig, ALiteralIsTheWholeExpressionOrNone) {
  const std::map<std::string, AttributeValue> expected{
      {"yes", true},          {"no", false},     {"quoted", text("a)")}, {"document", text("one\n")},
      {"compared", text("")}, {"joined", false}, {"chosen", 1.0},        {"step", unresolved("(\"a\").b")},
  };
  EXPECT_EQ(arguments_at(valid("parenthesized")), expected);
}

// Go's bytes.TrimSpace decides which line closes a heredoc.
TEST(TerraformConfig, AnySpaceOfUnicodeMayStandBesideAClosingMarker) {
  const ConfigurationDirectory directory;
  for (const std::string_view space : {"\u00A0", "\u2003\t", "\u3000\r", "\u0085"}) {
    const std::string marker = std::string(space) + "EOT" + std::string(space);
    const path file = directory.write("main.tf", "terraform {\n  backend \"x\" {\n    a = <<EOT\none\n" +
                                                     marker + "\n    b = true\n  }\n}\n");
    const std::map<std::string, AttributeValue> expected{{"a", text("one\n")}, {"b", true}};
    EXPECT_EQ(arguments_at(file), expected);
  }
  EXPECT_THAT(configuration_error_of(directory.write("main.tf", "locals {\n  a = <<EOT\nEOT\u200B\n}\n")),
              HasSubstr("error: "));
}

TEST(TerraformConfig, ANumberIsTheVersionItIsConvertedTo) {
  const ConfigurationDirectory directory;
  const path file = directory.write("main.tf", "terraform {\n  required_version = 1.10\n}\n");
  EXPECT_THAT(configuration_at(file).required_versions, ElementsAre(Pair("1.1", testing::_)));
}

TEST(TerraformConfig, ReadsWindowsFiles) {
  // A byte order mark, CRLF, a comment in Latin-1, identifiers and columns beyond ASCII, no newline at the
  // end.
  const path file = valid("windows") / "main.tf";
  const TerraformConfiguration configuration = configuration_at(file);
  ASSERT_TRUE(configuration.backend);
  EXPECT_EQ(configuration.backend->arguments.at("path"), (Attribute{"wïn.tfstate", {file.string(), 3, 5}}));
  EXPECT_EQ(configuration.backend->arguments.at("note").value, text("one\r\n"));  // as Terraform has it
  EXPECT_EQ(configuration.backend->arguments.at("ü").value, unresolved("bad(\r\n      1)"));
}

TEST(TerraformConfig, TerraformPassesOverOpenTofusFiles) {
  const ConfigurationDirectory directory;
  directory.write("main.tofu", "terraform {\n  backend \"gcs\" {}\n}\n");
  const auto only = read_terraform_configuration(directory.root(), models::Dialect::terraform);
  ASSERT_FALSE(only);
  EXPECT_THAT(only.error().render(), HasSubstr("no Terraform configuration files, only OpenTofu's own"));
  EXPECT_TRUE(read_terraform_configuration(directory.root(), models::Dialect::opentofu));
  EXPECT_FALSE(read_terraform_configuration(directory.root() / "main.tofu", models::Dialect::terraform));
  directory.write("main.tf", "terraform {\n  backend \"s3\" {}\n}\n");
  const auto type_for = [&](models::Dialect tool) {
    return read_terraform_configuration(directory.root(), tool)->backend->type;
  };
  EXPECT_EQ(type_for(models::Dialect::terraform), "s3");
  EXPECT_EQ(type_for(models::Dialect::opentofu), "gcs");
}

TEST(TerraformConfig, ReadsAnEmptyFile) {
  const TerraformConfiguration configuration = configuration_at(valid("empty"));
  EXPECT_FALSE(configuration.backend);
  EXPECT_EQ(configuration.files.size(), 1U);
}

TEST(TerraformConfig, HasNoBackendWhereNoneIsWritten) {
  EXPECT_FALSE(configuration_at(valid("no_backend")).backend);
}

TEST(TerraformConfig, KeepsNestedBlocksOfABackend) {
  const std::map<std::string, AttributeValue> expected{
      {"hostname", text("app.terraform.io")},
      {"organization", text("acme")},
      {"workspaces", unresolved(R"(workspaces { prefix = "net-" })")},
  };
  EXPECT_EQ(arguments_at(valid("remote")), expected);
}

TEST(TerraformConfig, FindsACloudBlock) {
  const TerraformConfiguration configuration = configuration_at(valid("cloud"));
  EXPECT_FALSE(configuration.backend);
  ASSERT_TRUE(configuration.cloud);
  EXPECT_EQ(configuration.cloud->where, (SourceLocation{(valid("cloud") / "main.tf").string(), 2, 3}));
  EXPECT_EQ(configuration.cloud->type, "cloud");
  EXPECT_EQ(configuration.cloud->arguments.at("organization").value, text("acme"));
  EXPECT_EQ(configuration.cloud->arguments.at("workspaces").value,
            unresolved(R"(workspaces { tags = ["network"] })"));
}

TEST(TerraformConfig, TheLastOverrideFileReplacesTheWholeBackend) {
  const path directory = valid("override");
  const std::map<std::string, AttributeValue> expected{{"bucket", text("last override")}};
  EXPECT_EQ(arguments_at(directory), expected);  // neither key nor dynamodb_table survive
  const TerraformConfiguration configuration = configuration_at(directory);
  EXPECT_THAT(configuration.files,
              ElementsAre((directory / "a_override.tf").string(), (directory / "b_override.tf.json").string(),
                          (directory / "main.tf").string(), (directory / "zz.tf").string()));
  EXPECT_THAT(configuration.required_versions,
              ElementsAre(Pair(">= 1.0", testing::_), Pair("< 2.0", testing::_)));
}

TEST(TerraformConfig, AnOverrideReplacesBackendByCloudAndBack) {
  TerraformConfiguration configuration = configuration_at(valid("override_cloud"));
  EXPECT_FALSE(configuration.backend);
  EXPECT_TRUE(configuration.cloud);
  EXPECT_THAT(configuration.required_versions, ElementsAre(Pair("~> 1.9", testing::_)));

  const ConfigurationDirectory directory;
  directory.write("main.tf", "terraform {\n  cloud {}\n}\n");
  directory.write("x_override.tf", "terraform {\n  backend \"gcs\" {}\n}\n");
  configuration = configuration_at(directory.root());
  EXPECT_TRUE(configuration.backend);
  EXPECT_FALSE(configuration.cloud);
}

TEST(TerraformConfig, AnOverrideFileMayNotRepeatABackendEither) {
  const ConfigurationDirectory directory;
  directory.write("override.tf", "terraform {\n  backend \"s3\" {}\n  backend \"gcs\" {}\n}\n");
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("override.tf:3:3: error: duplicate backend configuration"));
}

TEST(TerraformConfig, DuplicatesAreFoundAcrossFiles) {
  const ConfigurationDirectory directory;
  directory.write("a.tf", "terraform {\n  backend \"s3\" {}\n}\n");
  directory.write("b.tf.json", R"({"terraform": {"cloud": {}}})");
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("a.tf:2:3: error: both a backend and a cloud block"));
  directory.write("b.tf.json", R"({"terraform": {"backend": {"s3": {}}}})");
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("b.tf.json:1:28: error: duplicate backend configuration"));
}

TEST(TerraformConfig, TofuFilesReplaceTheirTwins) {
  const path directory = valid("tofu");
  const TerraformConfiguration configuration = configuration_at(directory);
  // Neither hidden files, editors' backups, tests nor subdirectories are read.
  EXPECT_THAT(configuration.files,
              ElementsAre((directory / "main.tofu").string(), (directory / "only.tf").string(),
                          (directory / "versions.tofu.json").string()));
  const std::map<std::string, AttributeValue> expected{{"bucket", text("for-opentofu")},
                                                       {"use_lockfile", unresolved("var.lock")}};
  EXPECT_EQ(arguments_at(directory), expected);
  EXPECT_THAT(configuration.required_versions, ElementsAre(Pair(">= 1.8", testing::_)));
}

TEST(TerraformConfig, ReadsJsonSyntax) {
  const path directory = valid("json");
  const std::string file = (directory / "backend.tf.json").string();
  const std::map<std::string, AttributeValue> expected{
      {"address", text("https://state.example.com/é")},
      {"lock_address", unresolved("https://state.example.com/${var.project}/lock")},
      {"update_method", unresolved("%{ if x }PUT%{ endif }")},
      {"retry_max", 2.0},
      {"retry_wait_min", 0.5},
      {"skip_cert_verification", false},
      {"headers", unresolved(R"({"a\"b": ["x", 1]})")},
  };
  EXPECT_EQ(arguments_at(directory), expected);
  const TerraformConfiguration configuration = configuration_at(directory);
  EXPECT_EQ(configuration.backend->where, (SourceLocation{file, 6, 7}));
  EXPECT_EQ(configuration.backend->arguments.at("retry_max").where, (SourceLocation{file, 12, 9}));
}

TEST(TerraformConfig, ReadsArraysAndRepeatedKeysInJson) {
  const TerraformConfiguration configuration = configuration_at(valid("json_arrays"));
  ASSERT_TRUE(configuration.backend);
  EXPECT_EQ(configuration.backend->type, "local");
  EXPECT_EQ(configuration.backend->arguments.at("path").value, text("é\\\"x"));
  EXPECT_FALSE(configuration.cloud);  // null: no block
  EXPECT_THAT(configuration.required_versions, ElementsAre(Pair("1.5", testing::_), Pair("< 3", testing::_)));
}

TEST(TerraformConfig, PlacesJsonKeysThatHaveEscapes) {
  const ConfigurationDirectory directory;
  const path file =
      directory.write("a.tf.json", R"({"terraform": {"backend": {"local": {"a\\\"b\\": 1, "c\\": "\""}}}})");
  const TerraformConfiguration configuration = configuration_at(file);
  ASSERT_TRUE(configuration.backend);
  EXPECT_EQ(configuration.backend->arguments.at("a\\\"b\\"), (Attribute{1.0, {file.string(), 1, 38}}));
  EXPECT_EQ(configuration.backend->arguments.at("c\\"), (Attribute{"\"", {file.string(), 1, 53}}));
}

TEST(TerraformConfig, ReadsASingleFileThatIsConfigurationByItsName) {
  const ConfigurationDirectory directory;
  for (const char* const name : {"override.tf", "main.tofu"}) {
    const path file = directory.write(name, "terraform {\n  backend \"pg\" {}\n}\n");
    EXPECT_EQ(configuration_at(file).backend->type, "pg");
    EXPECT_THAT(configuration_at(file).files, ElementsAre(file.string()));
  }
  for (const char* const name : {"terragrunt.hcl", "prod.tfbackend", "main.tf.bak", "package.json"}) {
    EXPECT_THAT(configuration_error_of(directory.write(name, "")),
                HasSubstr("error: is not named like a configuration file\n"
                          "  expected: a file named *.tf, *.tf.json, *.tofu or *.tofu.json"));
  }
}

TEST(TerraformConfig, TakesWhateverOneOfTheToolsKnows) {
  const ConfigurationDirectory directory;
  EXPECT_EQ(configuration_error_of(directory.write("main.tofu", R"(language {
  compatible_with {
    opentofu = ">= 1.12"
  }
}
action "aws_lambda_invoke" "x" {
}
ephemeral "random_password" "x" {
}
terraform {
  experiments = [a]
  language    = TF2021
  encryption {
  }
  provider_meta "x" {
  }
  required_providers {
  }
}
)")),
            "no error");
}

TEST(TerraformConfig, AnOverrideReplacesAStateStore) {
  const ConfigurationDirectory directory;
  directory.write("main.tf", "terraform {\n  state_store \"foo\" {}\n}\n");
  EXPECT_TRUE(configuration_at(directory.root()).state_store);
  directory.write("override.tf", "terraform {\n  backend \"gcs\" {}\n}\n");
  EXPECT_FALSE(configuration_at(directory.root()).state_store);
  EXPECT_TRUE(configuration_at(directory.root()).backend);
}

TEST(TerraformConfig, RefusesWhatIsNoConfiguration) {
  const ConfigurationDirectory directory;
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("directory has no Terraform or OpenTofu configuration files"));
  directory.write("notes.txt", "");
  std::filesystem::create_directory(directory.root() / "directory.tf");
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("directory has no Terraform or OpenTofu configuration files"));
  EXPECT_THAT(configuration_error_of(directory.root() / "missing"),
              HasSubstr("missing: error: no such file or directory"));
  ASSERT_EQ(mkfifo((directory.root() / "pipe.tf").c_str(), 0600), 0);
  EXPECT_THAT(configuration_error_of(directory.root()), HasSubstr("pipe.tf: error: is a named pipe"));
}

TEST(TerraformConfig, RefusesWhatCannotBeRead) {
  const ConfigurationDirectory directory;
  std::filesystem::create_symlink("nowhere", directory.root() / "dangling.tf");
  EXPECT_THAT(configuration_error_of(directory.root()),
              HasSubstr("dangling.tf: error: cannot be read: No such file or directory"));
  std::filesystem::create_symlink("loop", directory.root() / "loop");
  EXPECT_THAT(configuration_error_of(directory.root() / "loop"), HasSubstr("loop: error: cannot be read: "));
}

TEST(TerraformConfig, RefusesWhatTheUserMayNotRead) {
  const ConfigurationDirectory directory;
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const path file = directory.write("secret.tf", "");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  EXPECT_THAT(configuration_error_of(file), HasSubstr("secret.tf: error: cannot be read"));
}

TEST(TerraformConfig, RefusesHugeFiles) {
  const ConfigurationDirectory directory;
  const path file = directory.write("huge.tf", "");
  constexpr std::uintmax_t limit = std::uintmax_t{16} * 1024 * 1024;
  std::ofstream(file) << std::string(limit, '\n');
  EXPECT_EQ(configuration_error_of(file), "no error");
  std::ofstream(file, std::ios::app) << '\n';
  EXPECT_EQ(configuration_error_of(file),
            file.string() + ": error: is too large\n  expected: a configuration file, of at most 16 MiB");
}

}  // namespace
}  // namespace lockstorm::scenarios
