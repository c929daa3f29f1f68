// `audit -`: one configuration file from standard input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_command.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

CommandResult audit_of(const std::string& text) {
  const TemporaryDirectory directory;
  const std::string file = directory.file("piped");
  std::ofstream(file) << text;
  return lockstorm("audit --faults none - < " + file);
}

TEST(AuditOfStandardInput, IsThatOfAFile) {
  const CommandResult found = audit_of(
      "terraform {\n  # lockstorm:ignore LS-S3-300 piped\n  backend \"s3\" {\n    bucket = \"b\"\n    key = "
      "\"k\"\n  }\n}\n");
  EXPECT_EQ(found.status, 1) << found.out;
  EXPECT_THAT(found.out, HasSubstr("s3 without locking, 2 clients (standard input:3)"));
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
