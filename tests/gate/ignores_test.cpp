// `lockstorm:ignore` in comments: what counts as one, and that a broken one is told.
#include "scenarios/gate/ignores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/data/date.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

AuditedState state_in(const FileTree& tree, const std::vector<std::string>& files) {
  AuditedState state;
  state.directory = tree.root();
  for (const std::string& file : files) state.configuration.files.push_back((tree.root() / file).string());
  return state;
}

std::vector<std::string> reasons_in(const AuditedState& state) {
  std::vector<std::string> reasons;
  const auto ignores = ignores_of(state);
  EXPECT_TRUE(ignores) << ignores.error().front().render();
  if (ignores) {
    for (const Acceptance& one : *ignores) reasons.push_back(one.reason);
  }
  return reasons;
}

TEST(Ignores, AreCommentsOfAnyKind) {
  const FileTree tree{{"main.tf",
                       "# lockstorm:ignore LS-S3-310 until=2027-03-01 moved in March, see INFRA-12\n"
                       "terraform {\n  // lockstorm:ignore ls-s3-312 two\n  backend \"s3\" { # "
                       "lockstorm:ignore LS-S3-9* three\n"
                       "    bucket = \"b\" /* lockstorm:ignore LS-S3-902 four */\n  }\n}\n"}};
  const auto ignores = ignores_of(state_in(tree, {"main.tf"}));
  ASSERT_TRUE(ignores) << ignores.error().front().render();
  ASSERT_EQ(ignores->size(), 4U);
  const Acceptance& first = ignores->front();
  EXPECT_EQ(first.rule.text(), "LS-S3-310");
  EXPECT_EQ(first.reason, "moved in March, see INFRA-12");
  EXPECT_EQ(first.expires, *parse_date("2027-03-01"));
  EXPECT_EQ(first.where.line, 1U);
  EXPECT_EQ((*ignores)[1].rule.text(), "LS-S3-312");
  EXPECT_FALSE((*ignores)[1].expires);
  EXPECT_EQ((*ignores)[2].rule.text(), "LS-S3-9*");
  EXPECT_EQ((*ignores)[2].where.line, 4U);
  EXPECT_EQ((*ignores)[3].reason, "four");
}

TEST(Ignores, StandInEveryFileOfTheRootButNotInStrings) {
  const FileTree tree{
      {"a.tf",
       "locals {\n  text = \"# lockstorm:ignore LS-S3-300 no\"\n  more = <<EOT\n# lockstorm:ignore LS-S3-300 "
       "no\nEOT\n}\n"},
      {"b.tofu", "# lockstorm:ignore LS-S3-300 tofu\n"},
      {"terragrunt.hcl", "// lockstorm:ignore LS-S3-302 terragrunt\n"},
      {".terraform.lock.hcl", "# lockstorm:ignore LS-S3-300 hidden\n"},
      {"read_by_nobody.tf", "# lockstorm:ignore LS-S3-300 not read\n"},
      {"below/c.tf", "# lockstorm:ignore LS-S3-300 below\n"}};
  EXPECT_THAT(reasons_in(state_in(tree, {"a.tf", "b.tofu"})), ElementsAre("tofu", "terragrunt"));
}

TEST(Ignores, AFileThatIsNoneOfThisSyntaxHasNone) {
  const FileTree tree{{"main.tf.json", "{\"//\": \"lockstorm:ignore LS-S3-300 json\"}"},
                      {"broken.hcl", "this { is no = HCL"}};
  EXPECT_THAT(reasons_in(state_in(tree, {"main.tf.json"})), IsEmpty());
}

TEST(Ignores, AllThatAreBrokenAreTold) {
  const FileTree tree{{"main.tf", "# lockstorm:ignore\n# lockstorm:ignore LS-S3-300\n"},
                      {"broken.hcl", "a = [ # lockstorm:ignore LS-S3-300 x\n"}};
  const auto ignores = ignores_of(state_in(tree, {"main.tf"}));
  ASSERT_FALSE(ignores);
  EXPECT_EQ(ignores.error().size(), 3U);
}

TEST(Ignores, OfStandardInputAreThoseOfItsTextAndOfNoDirectory) {
  const FileTree tree{{"beside.hcl", "# lockstorm:ignore LS-S3-300 beside\n"}};
  AuditedState state = state_in(tree, {});
  state.configuration.files = {"standard input"};
  const auto ignores = ignores_of(state, "\n  # lockstorm:ignore LS-S3-302 piped\n");
  ASSERT_TRUE(ignores) << ignores.error().front().render();
  ASSERT_EQ(ignores->size(), 1U);
  EXPECT_EQ(ignores->front().reason, "piped");
  EXPECT_EQ(ignores->front().where.file, "standard input");
  EXPECT_EQ(ignores->front().where.line, 2U);
  EXPECT_THAT(reasons_in(state), IsEmpty());
}

TEST(Ignores, OfAFileAreNotThoseOfStandardInput) {
  const FileTree tree{{"main.tf", "# lockstorm:ignore LS-S3-300 file\n"}};
  const auto ignores = ignores_of(state_in(tree, {"main.tf"}), "# lockstorm:ignore LS-S3-302 piped\n");
  ASSERT_TRUE(ignores);
  ASSERT_EQ(ignores->size(), 1U);
  EXPECT_EQ(ignores->front().reason, "file");
}

std::string complaint_about(const std::string& comment) {
  const auto found = acceptance_in_comment(comment, {"main.tf", 3, 5});
  return found ? "none" : found.error().render();
}

TEST(Ignores, WhatIsMeantForLockstormIsUnderstoodOrRefused) {
  EXPECT_EQ(complaint_about("# see lockstorm:ignore in the manual"), "none");
  EXPECT_EQ(complaint_about("# tflint-ignore: all"), "none");
  EXPECT_THAT(complaint_about("# lockstorm:ignore"),
              HasSubstr("main.tf:3:5: error: the comment names no rule"));
  EXPECT_THAT(
      complaint_about("# lockstorm:ignore LS-S3-310"),
      HasSubstr("the comment has no reason\n  expected: lockstorm:ignore RULE [until=YYYY-MM-DD] REASON"));
  EXPECT_THAT(complaint_about("# lockstorm:ignore LS-S3-310 until=2027-03-01"), HasSubstr("has no reason"));
  EXPECT_THAT(complaint_about("# lockstorm:ignore LS-S3-310 until=soon x"), HasSubstr("until is 'soon'"));
  EXPECT_THAT(complaint_about("# lockstorm:ignore LS-S3-310 until=2027-13-01 x"),
              HasSubstr("a day that the calendar has"));
  EXPECT_THAT(complaint_about("# lockstorm:ignore all because"), HasSubstr("unknown rule 'all'"));
  EXPECT_THAT(complaint_about("# lockstorm:ignroe LS-S3-310 x"),
              HasSubstr("'lockstorm:ignroe' is no comment that lockstorm knows"));
}

}  // namespace
}  // namespace lockstorm::scenarios
