// Foreign text in each format: one function a format, and nothing gets out of what it stands in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/ci/gtest_source.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/ci/published.hpp"
#include "reports/ci/workflow_command.hpp"
#include "reports/format/markdown.hpp"
#include "reports/format/markup.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markdown, TextIsNoMarkup) {
  EXPECT_EQ(markdown_text("a|b <img> `c` [l](u) @team *s* \\"),
            "a&#124;b &#60;img&#62; &#96;c&#96; &#91;l&#93;(u) &#64;team &#42;s&#42; &#92;");
  EXPECT_EQ(markdown_text("a\nb"), "a&#92;nb");
}

TEST(Markdown, CodeIsASpanUnlessSomethingEndsIt) {
  EXPECT_EQ(markdown_code("s3/lockfile"), "`s3/lockfile`");
  EXPECT_EQ(markdown_code("a`b|c"), "<code>a&#96;b&#124;c</code>");
}

TEST(Markdown, ABlockEndsAtItsOwnFenceOnly) {
  EXPECT_EQ(markdown_block("a\n````\nb"), "`````text\na\n````\nb\n`````\n");
  EXPECT_EQ(markdown_block("a\n"), "````text\na\n````\n");
}

TEST(Markdown, ProseHasCodeBetweenBackticksAndNothingElse) {
  EXPECT_EQ(markdown_prose("set `use_lockfile` <b>"), "set `use_lockfile` &#60;b&#62;");
  EXPECT_EQ(markdown_prose("one ` alone"), "one &#96; alone");
  EXPECT_EQ(markdown_prose("`a|b` ``"), "<code>a&#124;b</code> &#96;&#96;");
}

TEST(WorkflowCommand, EndsNoValueAndBeginsNoOther) {
  EXPECT_EQ(
      workflow_command(AnnotationKind::error, {"a,b:c%d.tf", 2, 1}, "x: 1, 2", "100%\n::error::x\r\n\u202e"),
      "::error file=a%2Cb%3Ac%25d.tf,line=2,title=x%3A 1%2C 2::100%25%0A\\x3a:error::x\\r%0A\\u202e\n");
  EXPECT_EQ(workflow_command(AnnotationKind::notice, {}, "t", "https://u:p@h/"),
            "::notice title=t::https://[hidden]@h/\n");
}

TEST(Markup, IsWellFormedWhateverTheBytes) {
  EXPECT_EQ(escaped("<a b='c'>&\"\n\x01\xff\ufffe"), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;\n\\x01\\xff\\ufffe");
}

TEST(Json, ShowsNothingInvisibleAndNoCredentials) {
  const nlohmann::ordered_json document{{"a", "\u202e\u009b\x1b\U000e0041"}, {"b", {"https://u:p@h?c"}}};
  const std::string text = json_dump(document, -1);
  EXPECT_EQ(text, R"({"a":"\u202e\u009b\u001b\udb40\udc41","b":["https://[hidden]@h?[hidden]"]})");
  EXPECT_EQ(nlohmann::json::parse(text)["a"], "\u202e\u009b\x1b\U000e0041");
}

const scenarios::VerifyResult& unlocked() {
  static const scenarios::VerifyResult result = [] {
    auto scenario = *scenarios::find_scenario("s3/unlocked");
    return scenarios::verify(scenario, {});
  }();
  return result;
}

TEST(GtestSource, HoldsAnyNameAndReference) {
  scenarios::VerifyResult result = unlocked();
  result.scenario.name = "a\n#error \\";
  const std::string reference = "x\"); system(\"id\n\u202e?\?/";
  const GtestSource source = gtest_source(result, result.counterexamples.front(), reference);
  EXPECT_THAT(source.text, HasSubstr(R"("x\"); system(\"id\012\342\200\256\?\?/")"));
  EXPECT_THAT(source.text, Not(HasSubstr("\n#error")));
  EXPECT_THAT(source.text, Not(HasSubstr("\\\n")));
}

TEST(Sarif, UrisArePercentEncoded) {
  const auto where = [](const scenarios::Scenario&) {
    return std::optional(scenarios::SourceLocation{"//a b/\u00fc:#?%.tf", 3, 1});
  };
  const auto document = nlohmann::json::parse(sarif_report({&unlocked(), 1}, where));
  const auto& place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "/a%20b/%C3%BC%3A%23%3F%25.tf");
}

}  // namespace
}  // namespace lockstorm::reports
