// Foreign text made fit to be shown.
#include "scenarios/data/printable.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {
namespace {

TEST(Printable, LeavesWhatPeopleRead) {
  for (const std::string text :
       {"", "s3/lockfile", "größe, 状態, 🔒⚠️", "a::b ## [x] C:\\x", "état\u00a0: ok"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, WritesControlsAndLinesAsEscapes) {
  EXPECT_EQ(printable("a\x1b[31mb\n\r\t\x07\x7f"), "a\\x1b[31mb\\n\\r\\t\\x07\\x7f");
  EXPECT_EQ(printable("\u0085\u009b1m\u2028\u2029"), "\\x85\\x9b1m\\u2028\\u2029");
}

TEST(Printable, WritesWhatNobodySeesAsEscapes) {
  EXPECT_EQ(printable("a\u202eb\u2066\u200f\u061c\ufeff\u00ad"),
            "a\\u202eb\\u2066\\u200f\\u061c\\ufeff\\xad");
  EXPECT_EQ(printable("\U000e0041\uffff\ue000"), "\\U000e0041\\uffff\\ue000");
}

TEST(Printable, WritesBytesThatAreNoTextAsEscapes) {
  EXPECT_EQ(printable("\xff\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82"),
            "\\xff\\xc0\\xaf|\\xed\\xa0\\x80|\\xf4\\x90\\x80\\x80|\\xe2\\x82");
}

TEST(Printable, IsNoCommandOfALog) {
  EXPECT_EQ(printable("::error::x"), "\\x3a:error::x");
  EXPECT_EQ(printable("  ::set-output name=a::b"), "  \\x3a:set-output name=a::b");
  EXPECT_EQ(printable("\u00a0\u3000::error::x"), "\u00a0\u3000\\x3a:error::x");
  EXPECT_EQ(printable("a ##[group]b ##vso[task.x]"), "a \\x23#[group]b \\x23#vso[task.x]");
  EXPECT_EQ(printable_lines("a\n::error::x\n\t ::warning::y"), "a\n\\x3a:error::x\n\t \\x3a:warning::y");
}

TEST(Printable, KeepsColoursWhereAskedAndNothingElse) {
  EXPECT_EQ(printable_lines("\x1b[1;31mred\x1b[0m\x1b[2J", true), "\x1b[1;31mred\x1b[0m\\x1b[2J");
  EXPECT_EQ(printable_lines("\x1b[1m::error::x", true), "\x1b[1m\\x3a:error::x");
  EXPECT_EQ(printable_lines("\x1b[1mx"), "\\x1b[1mx");
}

TEST(Printable, IsPrintableOnceAndForAll) {
  for (const std::string text :
       {"::a", "##[b]", "\x1b", "\u202e", "\xff", "https://u:p@h/?q", "\n::x", "\x01://u@h", "a://b\tc@d ?e"})
    EXPECT_EQ(printable(printable(text)), printable(text));
}

TEST(Credentials, AreHiddenInUrls) {
  const std::array<std::pair<std::string, std::string>, 13> cases{{
      {"see https://u:p@h/a?sig=s&b=c for", "see https://[hidden]@h/a?[hidden] for"},
      {"\"http://token@h\"", "\"http://[hidden]@h\""},
      {"postgres://u:p/w@h:5432/db?password=x", "postgres://[hidden]@h:5432/db?[hidden]"},
      {"https://h/a#b", "https://h/a#b"},
      {"https://h/a#access_token=t", "https://h/a#[hidden]"},
      {"see https://u:it'sp@h/x, 'https://u:p@h'", "see https://[hidden]@h/x, 'https://[hidden]@h'"},
      {"a?sig=a'b is no url, https://h/?sig=a'b is", "a?sig=a'b is no url, https://h/?[hidden] is"},
      {"<https://u:p\"q@h>", "<https://[hidden]@h>"},
      {"https://u:${ var.x }p@h/", "https://[hidden]@h/"},
      {"a://b@c d://e?f", "a://[hidden]@c d://e?[hidden]"},
      {"://x@y", "://[hidden]@y"},
      {"no url: a@b?c", "no url: a@b?c"},
      {"git::https://u:p@h//m?ref=1", "git::https://[hidden]@h//m?[hidden]"},
  }};
  for (const auto& [text, shown] : cases) EXPECT_EQ(without_credentials(text), shown);
}

TEST(Credentials, AreHiddenInErrors) {
  const InputError error{{"https://u:p@h/x", 0, 0}, "unknown type 'https://u:p@h'", "", ""};
  EXPECT_EQ(error.render(), "https://[hidden]@h/x: error: unknown type 'https://[hidden]@h'");
}

// A URL whose end is cut off shows no '@' to find its password by.
TEST(Credentials, AreHiddenInErrorsThatAreCutShort) {
  const std::string url = "https://u:secret" + std::string(4000, 'x') + "@h/";
  EXPECT_EQ(InputError({{"f", 0, 0}, url, "", ""}).render().find("secret"), std::string::npos);
}

TEST(Printable, ShowsNoFormatCharacter) {
  for (const char32_t character :
       {0x034F, 0x0600, 0x06DD, 0x070F, 0x0890, 0x08E2, 0x180B, 0x110BD, 0x13430, 0x1BCA0})
    EXPECT_FALSE(is_visible(character)) << static_cast<unsigned>(character);
}

TEST(FirstCharacter, KnowsWhereTextEnds) {
  EXPECT_EQ(first_character("a").bytes, 1U);
  EXPECT_EQ(first_character("€x").character, U'€');
  EXPECT_EQ(first_character("€x").bytes, 3U);
  EXPECT_EQ(first_character("\xe2\x82").character, Decoded::kNotText);
  EXPECT_EQ(first_character("\xc1\xbf").character, Decoded::kNotText);
}

}  // namespace
}  // namespace lockstorm::scenarios
