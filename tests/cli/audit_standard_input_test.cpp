// `audit -`: one configuration file from standard input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_command.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

CommandResult audit_of(const std::string& text, const std::string& options = "") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("piped");
  std::ofstream(file) << text;
  return lockstorm("audit --faults none " + options + " - < " + file);
}

TEST(AuditOfStandardInput, IsThatOfAFile) {
  const CommandResult found =
      audit_of("terraform {\n\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n");
  EXPECT_EQ(found.status, 1) << found.out;
  EXPECT_THAT(found.out, HasSubstr("s3 without locking, 2 clients (standard input:3)"));
}

const std::string kUnlocked =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n";

TEST(AuditOfStandardInput, ItsCommentsAcceptAsThoseOfAFileDo) {
  const std::string accepted = "# lockstorm:ignore LS-S3-* until=2027-03-01 a sandbox\n" + kUnlocked;
  const CommandResult before = audit_of(accepted, "--as-of 2027-02-28");
  EXPECT_EQ(before.status, 0) << before.out;
  EXPECT_THAT(before.out, HasSubstr("a sandbox")) << before.out;
  const CommandResult after = audit_of(accepted, "--as-of 2027-03-02");
  EXPECT_EQ(after.status, 1) << after.out;
  EXPECT_THAT(after.out, HasSubstr("standard input:1, \"a sandbox\"")) << after.out;
  EXPECT_EQ(audit_of(kUnlocked).status, 1);
}

TEST(AuditOfStandardInput, ACommentThatIsNotUnderstoodIsToldWithItsPlace) {
  const CommandResult found = audit_of(kUnlocked + "// lockstorm:ignore LS-S3-300\n");
  EXPECT_EQ(found.status, 65) << found.out;
  EXPECT_THAT(found.out, HasSubstr("standard input:7:1: error: the comment has no reason")) << found.out;
}

TEST(AuditOfStandardInput, JsonHasNoComments) {
  const CommandResult found = audit_of(
      R"({"terraform": {"backend": {"s3": {"bucket": "b", "key": "# lockstorm:ignore LS-S3-300 no"}}}})");
  EXPECT_EQ(found.status, 1) << found.out;
}

TEST(AuditOfStandardInput, MayBeJson) {
  const CommandResult found =
      audit_of("\n {\"terraform\": {\"backend\": {\"gcs\": {\"bucket\": \"b\", \"prefix\": \"p\"}}}}");
  EXPECT_EQ(found.status, 0) << found.out;
  EXPECT_THAT(found.out, HasSubstr("gcs, 2 clients (standard input:2)"));
}

TEST(AuditOfStandardInput, IsRefusedWithItsPlace) {
  const CommandResult found = audit_of("terraform {\n");
  EXPECT_EQ(found.status, 65);
  EXPECT_THAT(found.out, HasSubstr("standard input:2:1: error: unexpected end of file"));
}

}  // namespace
}  // namespace lockstorm::cli
