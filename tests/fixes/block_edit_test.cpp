// Edits of backend blocks in their text: what is not edited stays to the byte.
#include "scenarios/fixes/block_edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/fixes/text_lines.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

const std::vector<ArgumentEdit> kLockFile{{"use_lockfile", "true"}};

std::expected<std::string, std::string> edited(const std::string& text,
                                               const std::vector<ArgumentEdit>& edits) {
  const SourceText source("main.tf", text);
  return edit_block(source, source.location(text.find("backend")), edits);
}

TEST(BlockEdit, ANewArgumentGetsALineBehindTheLastOne) {
  EXPECT_EQ(
      edited("terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key    = \"k\"\n  }\n}\n", kLockFile),
      "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key    = \"k\"\n    use_lockfile = true\n  "
      "}\n}\n");
}

TEST(BlockEdit, ItIsAlignedLikeItsNeighbour) {
  EXPECT_EQ(edited("terraform {\n\tbackend \"s3\" {\n\t\tbucket               = \"b\"\n\t}\n}\n", kLockFile),
            "terraform {\n\tbackend \"s3\" {\n\t\tbucket               = \"b\"\n\t\tuse_lockfile         = "
            "true\n\t}\n}\n");
}

TEST(BlockEdit, CommentsLineEndsAndTheByteOrderMarkStay) {
  EXPECT_EQ(edited("\xEF\xBB\xBFterraform {\r\n  backend \"s3\" { # ours\r\n    key = \"k\" // why\r\n    # "
                   "the end\r\n  }\r\n}",
                   kLockFile),
            "\xEF\xBB\xBFterraform {\r\n  backend \"s3\" { # ours\r\n    key = \"k\" // why\r\n    "
            "use_lockfile = true\r\n"
            "    # the end\r\n  }\r\n}");
}

TEST(BlockEdit, EmptyAndShortBlocksAreOpenedUp) {
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" {}\n}\n", kLockFile),
            "terraform {\n  backend \"s3\" {\n    use_lockfile = true\n  }\n}\n");
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" { bucket = \"b\" }\n}\n", kLockFile),
            "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    use_lockfile = true\n  }\n}\n");
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" {\n    # partial\n  }\n}\n", kLockFile),
            "terraform {\n  backend \"s3\" {\n    # partial\n    use_lockfile = true\n  }\n}\n");
}

TEST(BlockEdit, AnArgumentThatIsThereGetsAnotherValue) {
  EXPECT_EQ(
      edited("terraform {\n  backend \"s3\" {\n    use_lockfile = false # slow\n    key = \"k\"\n  }\n}\n",
             kLockFile),
      "terraform {\n  backend \"s3\" {\n    use_lockfile = true # slow\n    key = \"k\"\n  }\n}\n");
}

TEST(BlockEdit, AnArgumentIsTakenOutWithItsLine) {
  const std::vector<ArgumentEdit> edits{{"use_lockfile", "true"}, {"dynamodb_table", std::nullopt}};
  EXPECT_EQ(
      edited(
          "terraform {\n  backend \"s3\" {\n    key = \"k\"\n    dynamodb_table = \"locks\" # old\n  }\n}\n",
          edits),
      "terraform {\n  backend \"s3\" {\n    key = \"k\"\n    use_lockfile = true\n  }\n}\n");
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" { dynamodb_table = \"locks\" }\n}\n",
                   {{"dynamodb_table", std::nullopt}}),
            "terraform {\n  backend \"s3\" {  }\n}\n");
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" {}\n}\n", {{"dynamodb_table", std::nullopt}}),
            "terraform {\n  backend \"s3\" {}\n}\n")
      << "what is not there is gone already";
}

TEST(BlockEdit, ValuesOfSeveralLinesStayWhole) {
  EXPECT_EQ(
      edited("terraform {\n  backend \"s3\" {\n    assume_role = {\n      role_arn = \"a\"\n    }\n  }\n}\n",
             kLockFile),
      "terraform {\n  backend \"s3\" {\n    assume_role = {\n      role_arn = \"a\"\n    }\n    use_lockfile "
      "= "
      "true\n  }\n}\n");
  EXPECT_EQ(edited("terraform {\n  backend \"s3\" {\n    key = <<EOT\nk\nEOT\n  }\n}\n", kLockFile),
            "terraform {\n  backend \"s3\" {\n    key = <<EOT\nk\nEOT\n    use_lockfile = true\n  }\n}\n");
}

// What would not come out as it should is not edited.
TEST(BlockEdit, WhatIsWrittenInAStrangeWayIsLeftToPeople) {
  const auto strange =
      edited("terraform {\n  backend \"s3\" {\n    key = \"k\" /* ends\n    here */\n  }\n}\n", kLockFile);
  ASSERT_FALSE(strange);
  EXPECT_THAT(strange.error(), HasSubstr("by hand"));
  const SourceText source("main.tf", "terraform {\n}\n");
  EXPECT_FALSE(edit_block(source, {"main.tf", 2, 3}, kLockFile)) << "there is no block";
}

// Whatever the shape, the result has the arguments that were wanted and every other line as it was.
TEST(BlockEdit, OtherBlocksAreNotTouched) {
  const std::string text =
      "resource \"x\" \"backend\" {\n  backend {\n    a = 1\n  }\n}\nterraform {\n  backend \"s3\" {\n    "
      "key = \"k\"\n  }\n}\n";
  const SourceText source("main.tf", text);
  const auto result = edit_block(source, source.location(text.find("backend \"s3\"")), kLockFile);
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(*result,
            "resource \"x\" \"backend\" {\n  backend {\n    a = 1\n  }\n}\nterraform {\n  backend \"s3\" {\n "
            "   key = "
            "\"k\"\n    use_lockfile = true\n  }\n}\n");
}

TEST(TextLines, KeepLineEndsAndWhatIsNotChanged) {
  for (const std::string end : {"\n", "\r\n"}) {
    for (const std::string last : {"", end.c_str()}) {
      const std::string text = "a:" + end + end + "  # says nothing" + end + "  b: 1" + last;
      TextLines lines(text);
      EXPECT_EQ(lines.text(), text);
      EXPECT_EQ(lines.indent_below(1), "  ");
      EXPECT_EQ(lines.indent_below(4), "");
      lines.insert_below(1, "  c: 2");
      lines.set(99, "is not there");
      EXPECT_EQ(lines.text(), "a:" + end + "  c: 2" + end + end + "  # says nothing" + end + "  b: 1" + last);
    }
  }
  EXPECT_EQ(TextLines("").text(), "");
}

}  // namespace
}  // namespace lockstorm::scenarios
