// What the reader of configurations finds out about arguments of a backend block that are no literals.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/configuration.hpp"
#include "test_paths.hpp"
#include "tests/scenarios/module_directory.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

std::string value_words(const AttributeValue& value) {
  if (const auto* unresolved = std::get_if<Unresolved>(&value)) {
    if (unresolved->needs.empty() && unresolved->because.empty()) return unresolved->expression;
    return unresolved->needs + "|" + unresolved->because;
  }
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return "'" + std::get<std::string>(value) + "'";
}

/// What the argument `x` comes to: 'text', true, 1, null, or "needs|because".
std::string x_of(const TerraformConfiguration& configuration) {
  if (!configuration.backend) return "no backend";
  const auto found = configuration.backend->arguments.find("x");
  return found == configuration.backend->arguments.end() ? "null" : value_words(found->second.value);
}

std::string with_x(std::string_view expression, std::string_view rest = "") {
  return fmt::format("terraform {{\n  backend \"s3\" {{\n    x = {}\n  }}\n}}\n{}", expression, rest);
}

std::string x_is(std::string_view expression, std::string_view rest = "", const ReadOptions& options = {}) {
  const ModuleDirectory module;
  module.write("main.tf", with_x(expression, rest));
  return x_of(module.read(options));
}

struct EvaluatesTo {
  std::string_view expression;
  std::string_view value;
};

constexpr std::string_view kDeclared = R"(
variable "stage" { default = "prod" }
variable "count_" {
  type    = string
  default = 3
}
variable "open" {}
variable "nothing" { default = null }
variable "map" { default = { prod = "p", dev = { deep = ["a", "b"] } } }
locals {
  name   = "acme-${var.stage}"
  list   = ["a", var.stage]
  loop_a = local.loop_b
  loop_b = "${local.loop_a}"
  data_  = data.aws_region.here.name
}
)";

TEST(StaticValues, ExpressionsComeToWhatOpenTofuMakesOfThem) {
  constexpr std::array cases{
      EvaluatesTo{R"("${var.stage}-state")", "'prod-state'"},
      EvaluatesTo{"var.stage", "'prod'"},
      EvaluatesTo{"local.name", "'acme-prod'"},
      EvaluatesTo{"var.count_", "'3'"},
      EvaluatesTo{"var.nothing", "null"},
      EvaluatesTo{"(var.stage)", "'prod'"},
      EvaluatesTo{R"("${var.stage}")", "'prod'"},
      EvaluatesTo{R"("${true}")", "true"},
      EvaluatesTo{R"("a${true}b${1 + 1}")", "'atrueb2'"},
      EvaluatesTo{R"("$${var.stage}%%{if}${"\t"}")", "'${var.stage}%{if}\t'"},
      EvaluatesTo{R"("a  ${~ var.stage ~}  b")", "'aprodb'"},
      EvaluatesTo{R"("%{ if var.stage == "prod" }p%{ else }d%{ endif }-x")", "'p-x'"},
      EvaluatesTo{R"("%{ if false }p%{ endif }")", "''"},
      EvaluatesTo{R"(var.stage == "prod" ? "a" : "b")", "'a'"},
      EvaluatesTo{R"(var.stage != "prod" ? 1 : "b")", "'b'"},
      EvaluatesTo{R"(true ? 1 : "b")", "'1'"},
      EvaluatesTo{R"(true ? var.stage : null)", "'prod'"},
      EvaluatesTo{R"(false || !(1 < 2) && true)", "false"},
      EvaluatesTo{"1 + 2 * 3 - -4", "11"},
      EvaluatesTo{"1.5e1 + 2E+0", "17"},
      EvaluatesTo{"7 % 4 == 3 && 8 / 4 >= 2", "true"},
      EvaluatesTo{R"("1" == 1)", "false"},
      EvaluatesTo{R"(var.map["prod"])", "'p'"},
      EvaluatesTo{"var.map.prod", "'p'"},
      EvaluatesTo{"var.map.dev.deep[1]", "'b'"},
      EvaluatesTo{"var.map.dev.deep.0", "'a'"},
      EvaluatesTo{R"({ prod = "x", "dev" : "y" }[var.stage])", "'x'"},
      EvaluatesTo{R"({ (var.stage) = "x" }.prod)", "'x'"},
      EvaluatesTo{"[\"a\", # first\n \"b\",\n][1]", "'b'"},
      EvaluatesTo{"path.module", "'.'"},
      EvaluatesTo{"path.root", "'.'"},
      EvaluatesTo{"terraform.workspace", "'default'"},
      EvaluatesTo{"tofu.workspace", "'default'"},
      EvaluatesTo{"<<EOT\nfor ${var.stage}\nEOT", "'for prod\n'"},
      EvaluatesTo{"<<-EOT\n  plain\n    text\nEOT", "'plain\n  text\n'"},
      EvaluatesTo{"local.list", R"(["a", "prod"])"},
      EvaluatesTo{R"({ s3 = "http://${var.stage}" })", R"({ "s3" = "http://prod" })"},
      EvaluatesTo{R"(["a"])", R"(["a"])"},
  };
  for (const EvaluatesTo& one : cases)
    EXPECT_EQ(x_is(one.expression, kDeclared), one.value) << one.expression;
}

TEST(StaticValues, FunctionsAreComputed) {
  constexpr std::array cases{
      EvaluatesTo{R"(format("%s-%03d-%v%%%5s|%-4s|", "a", 7, true, "x", "y"))", "'a-007-true%    x|y   |'"},
      EvaluatesTo{R"(join("-", ["a", "b"], local.list))", "'a-b-a-prod'"},
      EvaluatesTo{R"(lower("ABC-${upper("d")}"))", "'abc-d'"},
      EvaluatesTo{R"(title("hello wide_world"))", "'Hello Wide_world'"},
      EvaluatesTo{R"(replace("a.b.c", ".", "-"))", "'a-b-c'"},
      EvaluatesTo{R"(trimspace("  a\n"))", "'a'"},
      EvaluatesTo{R"(trimsuffix(trimprefix("pre-a-suf", "pre-"), "-suf"))", "'a'"},
      EvaluatesTo{R"(trim("??a!", "?!"))", "'a'"},
      EvaluatesTo{R"(chomp("a\r\n\n"))", "'a'"},
      EvaluatesTo{R"(coalesce(null, "", "b"))", "'b'"},
      EvaluatesTo{R"(coalesce(var.nothing, 5))", "5"},
      EvaluatesTo{R"(lookup({ a = "x" }, "a", "b"))", "'x'"},
      EvaluatesTo{R"(lookup(var.map, "none", "b"))", "'b'"},
      EvaluatesTo{R"(merge({ a = 1 }, { a = 2, b = 3 }).a)", "2"},
      EvaluatesTo{R"(tostring(1) == "1" && tobool("true") && tonumber("2") == 2)", "true"},
      EvaluatesTo{R"(split("/", "a/b/c")[1])", "'b'"},
      EvaluatesTo{R"(element(["a", "b"], 3))", "'b'"},
      EvaluatesTo{R"(length("abc") + length([1, 2]))", "5"},
      EvaluatesTo{R"(substr("abcdef", 1, 3))", "'bcd'"},
      EvaluatesTo{R"(substr("abcdef", -2, -1))", "'ef'"},
      EvaluatesTo{R"(startswith("abc", "ab") && endswith("abc", "bc") && strcontains("abc", "b"))", "true"},
      EvaluatesTo{R"(contains(["a"], var.stage) ? "in" : "out")", "'out'"},
      EvaluatesTo{R"(join(",", concat(keys({ b = 1, a = 2 }), compact(["", "z"]))))", "'a,b,z'"},
      EvaluatesTo{R"(join(",", values({ b = 1, a = 2 })))", "'2,1'"},
      EvaluatesTo{R"(try(var.map.none, "b"))", "'b'"},
      EvaluatesTo{R"(can(var.map.none))", "false"},
      EvaluatesTo{R"(join(["-", ["a", "b"]]...))", "'a-b'"},
      EvaluatesTo{R"(basename("/a/b/"))", "'b'"},
      EvaluatesTo{R"(dirname("/a/b"))", "'/a'"},
      EvaluatesTo{R"(core::lower("A"))", "'a'"},
  };
  for (const EvaluatesTo& one : cases)
    EXPECT_EQ(x_is(one.expression, kDeclared), one.value) << one.expression;
}

TEST(StaticValues, WhatIsMissingIsNamed) {
  constexpr std::array cases{
      EvaluatesTo{"var.open", "var.open|has no default and is given no value"},
      EvaluatesTo{R"("${var.stage}-${var.open}")", "var.open|has no default and is given no value"},
      EvaluatesTo{R"(true ? "a" : var.open)", "var.open|has no default and is given no value"},
      EvaluatesTo{R"(try(var.open, "b"))", "var.open|has no default and is given no value"},
      EvaluatesTo{"var.absent", "var.absent|is not declared"},
      EvaluatesTo{"local.absent", "local.absent|is not declared"},
      EvaluatesTo{"local.loop_a", "local.loop_a|refers to itself"},
      EvaluatesTo{"local.data_", "data.aws_region.here|is known only when the tool runs"},
      EvaluatesTo{"aws_s3_bucket.state.id", "aws_s3_bucket.state|is known only when the tool runs"},
      EvaluatesTo{"module.state.bucket", "module.state|is known only when the tool runs"},
      EvaluatesTo{"timestamp()", "timestamp()|is a function that is not computed here"},
      EvaluatesTo{R"(file("bucket.txt"))", "file()|is a function that is not computed here"},
      EvaluatesTo{R"(provider::acme::name("a"))",
                  "provider::acme::name()|is a function that is not computed here"},
      EvaluatesTo{R"(replace("a", "/b/", "c"))", "replace()|with a regular expression is not computed here"},
      EvaluatesTo{R"(lower("Ü"))", "lower()|cannot be computed: its text is not ASCII"},
      EvaluatesTo{R"(lower("a", "b"))", "lower()|has another number of arguments than it takes"},
      EvaluatesTo{R"(format("%x", 1))", "format()|has a verb that is not computed here"},
      EvaluatesTo{R"(format("%s"))", "format()|has fewer arguments than verbs"},
      EvaluatesTo{"var.map.none", "var.map|has no attribute of that name"},
      EvaluatesTo{"local.list[7]", "local.list|has no element at that index"},
      EvaluatesTo{"[for s in [var.stage] : s][0]",
                  "var.stage|stands in a for expression, which is not computed"},
      EvaluatesTo{"local.list[*]", "local.list|stands in a splat expression, which is not computed"},
      EvaluatesTo{"1 / 0", "|it divides by zero"},
      EvaluatesTo{"1 / 3", "|only whole numbers are computed with"},
      EvaluatesTo{"path.elsewhere", "path.elsewhere|is not known to OpenTofu"},
      EvaluatesTo{"<<-EOT\n  for ${var.stage}\nEOT",
                  "var.stage|stands in an indented heredoc with a template, which is not computed"},
  };
  for (const EvaluatesTo& one : cases)
    EXPECT_EQ(x_is(one.expression, kDeclared), one.value) << one.expression;
}

TEST(StaticValues, OpenTofuRefusesSecretsInABackendBlock) {
  EXPECT_EQ(x_is("var.s", "variable \"s\" {\n  sensitive = true\n  default = \"hush\"\n}\n"),
            "var.s|is sensitive: OpenTofu refuses such values in a backend block");
  EXPECT_EQ(x_is("\"a${local.s}\"",
                 "variable \"s\" {\n  ephemeral = true\n  default = \"hush\"\n}\nlocals { s = var.s }\n"),
            "var.s|is ephemeral: OpenTofu refuses such values in a backend block");
  EXPECT_EQ(x_is("var.s", "variable \"s\" {\n  const = false\n  default = \"a\"\n}\n"),
            "var.s|is declared with const = false");
}

TEST(StaticValues, DefaultsHaveNeitherReferencesNorUnsuitableTypes) {
  EXPECT_EQ(x_is("var.a", "variable \"a\" { default = var.b }\n"),
            "var.a|needs var.b, which stands where neither references nor functions are allowed");
  EXPECT_EQ(x_is("var.a", "variable \"a\" {\n  type = bool\n  default = \"perhaps\"\n}\n"),
            "var.a|cannot be used: true or false is wanted where there is neither");
  EXPECT_EQ(x_is("var.a", "variable \"a\" {\n  type = bool\n  default = \"true\"\n}\n"), "true");
  EXPECT_EQ(x_is("var.a.b",
                 "variable \"a\" {\n  type = object({ b = optional(string, \"x\") })\n"
                 "  default = {}\n}\n"),
            "var.a|has a type with optional attributes");
}

TEST(StaticValues, TheLastOfTheToolsPlacesForValuesWins) {
  const ModuleDirectory module;
  module.write("main.tf", with_x("var.v", "variable \"v\" { default = \"default\" }\n"));
  ReadOptions options;
  const auto x = [&] { return x_of(module.read(options)); };
  EXPECT_EQ(x(), "'default'");
  options.environment = {{"TF_VAR_v", "environment"}, {"TF_VAR_other", "1"}, {"v", "no"}};
  EXPECT_EQ(x(), "'environment'");
  module.write("terraform.tfvars", "v = \"tfvars\"\nundeclared = 1\n");
  EXPECT_EQ(x(), "'tfvars'");
  module.write("terraform.tfvars.json", R"({"//": 1, "v": "tfvars.json"})");
  EXPECT_EQ(x(), "'tfvars.json'");
  module.write("a.auto.tfvars", "v = \"a\"\n");
  module.write("b.auto.tfvars.json", R"({"v": "literally ${v}"})");
  module.write("other.tfvars", "v = \"not read\"\n");
  EXPECT_EQ(x(), "'literally ${v}'");
  module.write("c.auto.tfvars", "v = \"c\"\n");
  EXPECT_EQ(x(), "'c'");
  using Kind = VariableFlag::Kind;
  options.variables = {{Kind::value, "v=flag=1"}, {Kind::file, (module.root() / "other.tfvars").string()}};
  EXPECT_EQ(x(), "'not read'");
  options.variables.push_back({Kind::value, "v=last"});
  EXPECT_EQ(x(), "'last'");
  EXPECT_THAT(module.read(options).variable_files,
              ElementsAre(EndsWith("/terraform.tfvars"), EndsWith("/terraform.tfvars.json"),
                          EndsWith("/a.auto.tfvars"), EndsWith("/b.auto.tfvars.json"),
                          EndsWith("/c.auto.tfvars"), EndsWith("/other.tfvars")));
}

TEST(StaticValues, ValuesOnTheCommandLineAreTextOrExpressionsByType) {
  const auto given = [](std::string_view type, std::string_view expression, const std::string& value) {
    ReadOptions options;
    options.variables = {{VariableFlag::Kind::value, "v=" + value}};
    return x_is(expression, fmt::format("variable \"v\" {{\n  {}\n}}\n", type), options);
  };
  EXPECT_EQ(given("", "var.v", "[1]"), "'[1]'");
  EXPECT_EQ(given("type = string", "var.v", "${a}"), "'${a}'");
  EXPECT_EQ(given("type = number", "var.v", "10"), "10");
  EXPECT_EQ(given("type = list(string)", "var.v[0]", "[\"a\"]"), "'a'");
  EXPECT_EQ(given("type = any", "var.v", "\"a\""), "'a'");
  EXPECT_EQ(given("type = any", "var.v", "["),
            "var.v|cannot be used: is given a value that is no expression");
  EXPECT_EQ(given("type = string\n  default = \"d\"\n  nullable = false", "var.v", "x"), "'x'");
}

TEST(StaticValues, NullIsReplacedByTheDefaultOfAVariableThatMayNotBeNull) {
  const ModuleDirectory module;
  module.write("terraform.tfvars", "v = null\n");
  module.write("main.tf", with_x("var.v", "variable \"v\" { default = \"d\" }\n"));
  EXPECT_EQ(x_of(module.read()), "null");
  module.write("main.tf", with_x("var.v", "variable \"v\" {\n  default = \"d\"\n  nullable = false\n}\n"));
  EXPECT_EQ(x_of(module.read()), "'d'");
}

TEST(StaticValues, BadFilesWithValuesAreRefusedWhereTheyMatter) {
  const ModuleDirectory module;
  module.write("terraform.tfvars", "v = [\n");
  module.write("main.tf", with_x("\"literal\""));
  EXPECT_EQ(x_of(module.read()), "'literal'");  // nothing is looked up
  module.write("main.tf", with_x("var.v", "variable \"v\" {}\n"));
  const auto problem = [&](const ReadOptions& options = {}) {
    const auto read = read_terraform_configuration(module.root(), options);
    return read ? "no error" : read.error().render();
  };
  EXPECT_THAT(problem(), HasSubstr("terraform.tfvars:2:1: error: unexpected end of file"));
  module.write("terraform.tfvars", "variable \"v\" {}\n");
  EXPECT_THAT(problem(),
              HasSubstr("terraform.tfvars:1:1: error: a file with values of variables has a block"));
  module.write("terraform.tfvars", "");
  ReadOptions options;
  options.variables = {{VariableFlag::Kind::file, "no/such.tfvars"}};
  EXPECT_THAT(problem(options), HasSubstr("no/such.tfvars"));
  options.variables = {{VariableFlag::Kind::value, "v"}};
  EXPECT_THAT(problem(options), HasSubstr("-var: error: is no value of a variable"));
}

TEST(StaticValues, OverrideFilesChangeDeclarations) {
  const ModuleDirectory module;
  module.write("main.tf",
               with_x("\"${var.v}${local.l}\"",
                      "variable \"v\" {\n  type = string\n  default = 1\n}\nlocals { l = \"a\" }\n"));
  module.write("x_override.tf", "variable \"v\" { default = 2 }\nlocals { l = \"b\" }\n");
  EXPECT_EQ(x_of(module.read()), "'2b'");
}

TEST(StaticValues, JsonDeclaresAndRefersToo) {
  const ModuleDirectory module;
  module.write("main.tf.json", R"({
    "terraform": {"backend": {"s3": {"x": "${local.l}-%{ if true }t%{ endif }", "y": ["${var.v}"]}}},
    "variable": {"v": {"default": "lit${eral"}, "w": [{"default": 7}]},
    "locals": [{"l": "${var.v}/${var.w}"}]
  })");
  const TerraformConfiguration configuration = module.read();
  EXPECT_EQ(x_of(configuration), "'lit${eral/7-t'");
  EXPECT_EQ(value_words(configuration.backend->arguments.at("y").value), R"(["lit$${eral"])");
  ASSERT_TRUE(configuration.uses_variables);
  EXPECT_TRUE(configuration.uses_variables->is_json);
  EXPECT_EQ(configuration.uses_variables->name, "local.l");

  ReadOptions options;
  options.tool = models::Dialect::terraform;
  EXPECT_EQ(x_of(module.read(options)), "'${local.l}-%{ if true }t%{ endif }'");
  EXPECT_FALSE(module.read(options).uses_variables);
}

TEST(StaticValues, TerraformTakesNeitherVariablesNorFunctions) {
  ReadOptions options;
  options.tool = models::Dialect::terraform;
  constexpr std::string_view kRefusal =
      "|cannot be used: Terraform's backend block takes neither variables nor functions";
  EXPECT_EQ(x_is("var.stage", kDeclared, options), "var.stage" + std::string(kRefusal));
  EXPECT_EQ(x_is("lower(\"A\")", "", options), "lower()" + std::string(kRefusal));
  EXPECT_EQ(x_is("\"a${true ? \"b\" : \"c\"}\"", "", options), "'ab'");
  const ModuleDirectory module;
  module.write("main.tf", with_x("\"é-${ lower(var.a) }\""));
  const TerraformConfiguration configuration = module.read(options);
  ASSERT_TRUE(configuration.uses_variables);
  EXPECT_EQ(configuration.uses_variables->name, "lower()");
  EXPECT_TRUE(configuration.uses_variables->is_call);
  EXPECT_EQ(configuration.uses_variables->where.line, 3U);
  EXPECT_EQ(configuration.uses_variables->where.column, 15U);
}

TEST(StaticValues, ReferencesInNestedBlocksCount) {
  const ModuleDirectory module;
  module.write("main.tf",
               "terraform {\n  cloud {\n    organization = var.o\n    workspaces { name = var.n }\n  }\n}\n"
               "variable \"o\" { default = \"acme\" }\n");
  const TerraformConfiguration configuration = module.read();
  EXPECT_EQ(value_words(configuration.cloud->arguments.at("organization").value), "'acme'");
  EXPECT_EQ(configuration.uses_variables->name, "var.o");
  EXPECT_EQ(value_words(configuration.cloud->arguments.at("workspaces").value),
            "workspaces { name = var.n }");
}

TEST(StaticValues, WhereAValueComesFromIsTold) {
  const std::filesystem::path directory =
      std::filesystem::path(LOCKSTORM_TEST_DATA) / "terraform_config/cases/variable-default";
  const auto configuration = read_terraform_configuration(directory, ReadOptions{});
  ASSERT_TRUE(configuration);
  const std::string file = (directory / "main.tf").string();
  ASSERT_EQ(configuration->evaluated.size(), 1U);
  EXPECT_EQ(told(configuration->evaluated[0]),
            fmt::format("dynamodb_table is acme-locks: variable table's default ({}:1)", file));
  EXPECT_EQ(configuration->uses_variables, (ReferenceInBlock{"local.table", {file, 12, 22}, false, false}));
}

TEST(StaticValues, ValuesThatMayBeCredentialsAreNotTold) {
  const ModuleDirectory module;
  module.write("main.tf",
               "terraform {\n  backend \"pg\" {\n    conn_str = \"postgres://u:${var.p}@h\"\n"
               "    schema_name = local.s\n    skip_table_creation = var.n\n  }\n}\n"
               "variable \"p\" { default = \"canary\" }\nvariable \"n\" { default = null }\n"
               "locals { s = \"${terraform.workspace}-s\" }\n");
  ReadOptions options;
  options.workspace = "blue";
  options.environment = {{"TF_VAR_p", "canary"}};
  std::vector<std::string> all;
  for (const EvaluatedArgument& argument : module.read(options).evaluated) all.push_back(told(argument));
  EXPECT_THAT(all, ElementsAre("conn_str comes from variable p, from TF_VAR_p",
                               "schema_name is blue-s: terraform.workspace is \"blue\"",
                               testing::StartsWith("skip_table_creation is null: variable n's default (")));
}

TEST(StaticValues, WhatGrowsWithoutEndIsGivenUp) {
  std::string doubling = "locals {\n  a0 = \"0123456789\"\n  b0 = [1]\n";
  for (int i = 1; i < 60; ++i) {
    doubling += fmt::format("  a{0} = \"${{local.a{1}}}${{local.a{1}}}\"\n", i, i - 1);
    doubling += fmt::format("  b{0} = [local.b{1}, local.b{1}]\n", i, i - 1);
  }
  doubling += "}\n";
  EXPECT_THAT(x_is("local.a59", doubling), EndsWith("it comes to more than 64 KiB"));
  EXPECT_THAT(x_is("local.b59", doubling), EndsWith("it comes to more than 100000 values"));

  std::string chain = "locals {\n  a0 = \"x\"\n";
  for (int i = 1; i < 5000; ++i) chain += fmt::format("  a{} = local.a{}\n", i, i - 1);
  chain += "}\n";
  EXPECT_EQ(x_is("local.a50", chain), "'x'");
  EXPECT_THAT(x_is("local.a4999", chain), EndsWith("nested too deeply"));

  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += " + 1";
  EXPECT_THAT(x_is(sum), EndsWith("nested too deeply"));
  EXPECT_THAT(x_is(std::string(3000, '-') + "1"), EndsWith("nested too deeply"));
  EXPECT_THAT(x_is("\"" + std::string(70000, 'a') + "${1}\""), EndsWith("more than 64 KiB"));
}

TEST(StaticValues, AFileOnItsOwnHasOnlyWhatItDeclares) {
  const ModuleDirectory module;
  const auto file = module.write("main.tf", with_x("var.v", "variable \"v\" { default = \"default\" }\n"));
  module.write("terraform.tfvars", "v = \"tfvars\"\n");
  const auto alone = read_terraform_configuration(file, ReadOptions{});
  ASSERT_TRUE(alone);
  EXPECT_EQ(x_of(*alone), "'default'");
  EXPECT_THAT(alone->variable_files, IsEmpty());
}

}  // namespace
}  // namespace lockstorm::scenarios
