// The syntax of Terraform configurations: what is accepted, and the words and places of errors.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/json_document.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::scenarios {
namespace {

using std::filesystem::path;

const path& data() {
  static const path directory = path(LOCKSTORM_TEST_DATA) / "terraform_config";
  return directory;
}

/// "" if `text` is valid, else the error.
std::string native_error(std::string_view text) {
  const SourceText source("x.tf", std::string(text));
  const auto body = hcl::parse(source);
  return body ? "" : body.error().render();
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

TEST(TerraformSyntax, EveryInvalidSampleHasItsExpectedError) {
  std::vector<path> samples;
  for (const auto& entry : std::filesystem::directory_iterator(data() / "invalid")) {
    if (entry.path().extension() != ".expected") samples.push_back(entry.path());
  }
  ASSERT_GE(samples.size(), 45U);
  const std::string directory = (data() / "invalid").string() + "/";
  for (const path& sample : samples) {
    const auto configuration = read_terraform_configuration(sample);
    ASSERT_FALSE(configuration) << sample;
    std::string error = configuration.error().render() + "\n";
    for (std::size_t at = error.find(directory); at != std::string::npos; at = error.find(directory)) {
      error.erase(at, directory.size());
    }
    EXPECT_EQ(error, file_text(sample.string() + ".expected")) << sample;
  }
}

// Terraform v1.11 agrees on every entry of the next two lists (`terraform fmt` parses, then formats).

TEST(TerraformSyntax, AcceptsWhatTerraformAccepts) {
  constexpr std::array accepted{
      "",
      "\n\n",
      "# only a comment",
      "/* a */ /* b\n */\n",
      "\xEF\xBB\xBF"
      "a = 1\n",
      "a = 1",
      "a = 1 // c",
      "a=1\r\n",
      "b {}\n",
      "b { a = 1 }",
      "b \"x\" y \"z\" {\n}",
      "b {\n\n  c { d = 1 }\n}\n",
      "b { # c\n}\n",
      "b { /* c */ }\n",
      "a = -  -1\n",
      "a = !x == !y\n",
      "a = x ? y : z ? q : w\n",
      "a = (\n1\n+\n2\n)\n",
      "a = f (1)\n",
      "a = f()\n",
      "a = f(1,)\n",
      "a = f(x...)\n",
      "a = f(\n1\n,\n2\n)\n",
      "a = p::x::f(1)\n",
      "a = p :: x::f (1, 2...)\n",
      "a = [1,\n 2\n , 3\n,]\n",
      "a = [\n]\n",
      "a = {}\n",
      "a = {\n x = 1 /* c */, // d\n y : 2 }\n",
      "a = { \"${x}\" = 1, (b) = 2, c.d = 3, 4 : 5 }\n",
      "a = {\n for k, v in x :\n k => v... if v }\n",
      "a = [for x in y : x if x]\n",
      "a = {forx = 1}\n",
      "a = [fork]\n",
      "a = x.0.b[1][\"k\"].*.c.0\n",
      "a = x[*].b[*].c\n",
      "a = x . b\n",
      "a = (x\n.b)\n",
      "a = x[\n1\n]\n",
      "a = f(x)[0].b\n",
      "a = 1 * -2 % 3 / 4\n",
      "a = \"$\"\n",
      "a = \"%\"\n",
      "a = \"$$${x}\"\n",
      "a = \"%%{x}\"\n",
      "a = \"${\n x \n}\"\n",
      "a = \"${\"}\"}\"\n",
      "a = \"${~ x ~}\"\n",
      "a = \"%{~ if x ~}y%{ else }z%{ endif }\"\n",
      "a = \"%{ for k, v in x }${k}%{ endfor }\"\n",
      "a = <<EOT\nEOT\n",
      "a = <<EOT\n  EOT  \n",
      "a = <<-E-1\n EOT\n\tE-1\n",
      "a = <<EOT\r\nx\r\nEOT\r\n",
      "a = <<EOT\n\" \\ { $ %\nEOT\n",
      "a = <<EOT\n${<<EOT\ninner\nEOT\n}\nEOT\n",
      "a = [<<EOT\nx\nEOT\n, 1]\n",
      "größe = ключ.値\n",
      "_a-b = 1\n",
      "for = in\nin = for\n",
      "a = 1 # caf\xE9\n",
      "a = 0.5e-10\n",
  };
  for (const std::string_view text : accepted) EXPECT_EQ(native_error(text), "") << text;
}

TEST(TerraformSyntax, RejectsWhatTerraformRejects) {
  constexpr std::array rejected{
      "a",
      "a =",
      "a = \n",
      "= 1",
      "\"a\" = 1",
      "a = 1 2",
      "a = 1, b = 2",
      "a = 1 b = 2",
      "a == 1",
      "a => 1",
      "a = b\n  .c\n",
      "a = f\n(1)\n",
      "a = f(,)",
      "a = f(1 2)",
      "a = f(x...,)",
      "a = p::f",
      "a = p::(1)",
      "a = [,]",
      "a = [1 2]",
      "a = [for, x]",
      "a = [for x in y]",
      "a = [for x of y : x]",
      "a = {for = 1}",
      "a = {b = 1 c = 2}",
      "a = {b =\n 1}",
      "a = {\n,}",
      "a = {b}",
      "a = {b = 1,, c = 2}",
      "a = { for x in y : x }",
      "a = 1 +",
      "a = * 1",
      "a = 1 ** 2",
      "a = x ? y",
      "a = x ? : z",
      "a = ()",
      "a = (1",
      "a = x.",
      "a = x..y",
      "a = x.0.1",
      "a = x.*.*",
      "a = x[*\n]\n",
      "a = x[]",
      "a = 1.2.3",
      "a = 1.",
      "a = 0x1F",
      "a = \"x",
      "a = \"x\ny\"",
      "a = \"\\q\"",
      "a = \"\\u12\"",
      "a = \"\\U00110000\"",
      "a = \"\\uDFFF\"",
      "a = \"${}\"",
      "a = \"${x\"",
      "a = \"${x y}\"",
      "a = \"%{ if x }\"",
      "a = \"%{ endif }\"",
      "a = \"%{ for x in y }%{ endif }\"",
      "a = \"%{ }\"",
      "a = \"%{ else }\"",
      "a = <<EOT\nx\n",
      "a = <<EOT x\nEOT\n",
      "a = << EOT\nEOT\n",
      "a = <<EOT\nx EOT\n",
      "a = <<EOT\nx\nEOT",
      "b {",
      "b }",
      "b {\n}}",
      "b { a = 1\n}",
      "b { a = 1 c = 2 }",
      "b { c {} }",
      "b {\na = 1 }",
      "b {\n} c {\n}",
      "b \"${x}\" {}",
      "b\n{\n}",
      "b = {}{}",
      "b \"x {}",
      "b = 'x'",
      "a = x & y",
      "a = x | y",
      "a = ~x",
      "a = `x`",
      "a = 1; b = 2",
      "a = \xC2\xA0"
      "1",
      "a = \"\xE9\"",
      "\xFF",
      "a = 1\rb = 2",
      "1a = 1",
      "-a = 1",
      "a = /* x",
      "a = 1\na = 2\n",
      "b {\n c = 1\n c = 1\n}\n",
  };
  for (const std::string_view text : rejected) EXPECT_NE(native_error(text), "") << text;
}

TEST(TerraformSyntax, LimitsTheDepthOfEveryKindOfNesting) {
  struct Nesting {
    std::string_view before, open, middle, close, after;
    std::size_t levels = 1;  // how many each repetition adds
  };
  constexpr std::array nestings{
      Nesting{"a = ", "(", "1", ")", "\n"},
      Nesting{"a = ", "[", "1", "]", "\n"},
      Nesting{"a = ", "{a=", "1", "}", "\n"},
      Nesting{"a = ", "f(", "1", ")", "\n"},
      Nesting{"a = ", "a[", "1", "]", "\n"},
      Nesting{"a = ", "[for x in ", "y", ": x]", "\n"},
      Nesting{"a = ", "x ? ", "1", " : 2", "\n"},
      Nesting{"", "b {\n", "", "}\n", ""},
      Nesting{"a = ", "\"${", "x", "}\"", "\n", 2},
      Nesting{"a = ", "\"%{ if ", "x", " }%{ endif }\"", "\n", 2},
      Nesting{"a = ", "<<A\n${", "1", "}\nA\n", "", 2},
  };
  const auto nested = [](const Nesting& nesting, std::size_t count) {
    return std::string(nesting.before) + repeated(nesting.open, count) + std::string(nesting.middle) +
           repeated(nesting.close, count) + std::string(nesting.after);
  };
  for (const Nesting& nesting : nestings) {
    const std::size_t limit = max_nesting_depth / nesting.levels;
    EXPECT_EQ(native_error(nested(nesting, limit)), "") << nesting.open;
    for (const std::size_t count : {limit + 1, std::size_t{100'000}}) {
      EXPECT_NE(
          native_error(nested(nesting, count)).find("nested too deeply\n  expected: at most 500 levels"),
          std::string::npos)
          << nesting.open;
    }
  }
}

TEST(TerraformSyntax, LongIsNotDeep) {
  constexpr std::size_t many = 100'000;
  EXPECT_EQ(native_error("a = 1" + repeated(" + 1", many)), "");
  EXPECT_EQ(native_error("a = " + repeated("-", many) + "1"), "");
  EXPECT_EQ(native_error("a = 1" + repeated(" ? 2 : 3", many)), "");
  EXPECT_EQ(native_error("a = x" + repeated(".y", many)), "");
  EXPECT_EQ(native_error("a = \"" + repeated("%{ if x }", many) + repeated("%{ endif }", many) + "\""), "");
  EXPECT_EQ(native_error(repeated("b {\n}\n", many)), "");
}

TEST(TerraformSyntax, LimitsTheDepthOfJson) {
  const auto error = [](std::size_t levels) {
    const SourceText source("x.tf.json", repeated("[", levels) + repeated("]", levels));
    const auto document = json::parse(source);
    return document ? "" : document.error().problem;
  };
  EXPECT_EQ(error(max_nesting_depth), "");
  EXPECT_EQ(error(max_nesting_depth + 1), "arrays or objects are nested too deeply");
  EXPECT_EQ(error(1'000'000), "arrays or objects are nested too deeply");
}

TEST(TerraformSyntax, AnErrorOfJsonStandsAtItsToken) {
  const auto place = [](std::string text) {
    const SourceText source("x.tf.json", std::move(text));
    const auto document = json::parse(source);
    if (document) return std::string("no error");
    EXPECT_EQ(document.error().problem.find('\n'), std::string::npos) << document.error().problem;
    return fmt::format("{}:{}", document.error().where.line, document.error().where.column);
  };
  EXPECT_EQ(place("{\n  \"a\": {\n    \"b\": 1,\n  }\n}\n"), "4:3") << "after a trailing comma";
  EXPECT_EQ(place("{\n  \"use_lockfile\":\n\n\n    tru\n}\n"), "5:5") << "a word that is none";
  EXPECT_EQ(place("{\"a\": \"\\n\"}\n\n  xx\n"), "3:3") << "behind the document";
  EXPECT_EQ(place("{\"terraform\":{}} x"), "1:18");
  EXPECT_EQ(place("{\"a\" 1}"), "1:6") << "a colon is missing";
  EXPECT_EQ(place("{\"a\": 1"), "1:8") << "at the end of the file";
}

/// The number of lines of a text, a last one without newline included.
unsigned lines_of(std::string_view text) { return static_cast<unsigned>(std::ranges::count(text, '\n')) + 1; }

TEST(TerraformSyntax, ADamagedFileGivesAPlaceInTheFile) {
  // Cut anywhere, or with any one byte changed: never an exception or a crash, and every error is somewhere
  // in it.
  const std::string whole = file_text(data() / "valid/everything/main.tf");
  std::size_t errors = 0;
  const auto check = [&](std::string text) {
    const unsigned lines = lines_of(text);
    const SourceText source("x.tf", std::move(text));
    const auto body = hcl::parse(source);
    if (body) return;
    ++errors;
    EXPECT_GE(body.error().where.line, 1U);
    EXPECT_LE(body.error().where.line, lines);
    EXPECT_GE(body.error().where.column, 1U);
    EXPECT_FALSE(body.error().expected.empty());
  };
  for (std::size_t length = 0; length < whole.size(); ++length) check(whole.substr(0, length));
  for (std::size_t changed = 0; changed < whole.size(); ++changed) {
    for (const char replacement : {'"', '}', '\n', '\xFF'}) {
      std::string text = whole;
      text[changed] = replacement;
      check(std::move(text));
    }
  }
  EXPECT_GT(errors, whole.size());
}

TEST(TerraformSyntax, ADamagedJsonFileGivesAPlaceInTheFile) {
  const std::string whole = file_text(data() / "valid/json/backend.tf.json");
  for (std::size_t length = 0; length < whole.size() - 2; ++length) {
    const SourceText source("x.tf.json", whole.substr(0, length));
    const auto document = json::parse(source);
    ASSERT_FALSE(document) << length;
    EXPECT_GE(document.error().where.line, 1U);
    EXPECT_LE(document.error().where.line, lines_of(source.text()));
    EXPECT_FALSE(document.error().problem.empty());
  }
}

TEST(TerraformSyntax, TheSameErrorTwiceIsTheSameText) {
  const path sample = data() / "invalid/unclosed_call.tf";
  EXPECT_EQ(read_terraform_configuration(sample).error().render(),
            read_terraform_configuration(sample).error().render());
}

}  // namespace
}  // namespace lockstorm::scenarios
