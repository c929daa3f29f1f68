// `lockstorm confirm`, on a real Terraform where there is one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/file_text.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/served_script.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

class ConfirmOnTerraform : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
    if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  }
};

TEST_F(ConfirmOnTerraform, LosesAnUpdateAsForetold) {
  const CommandResult result = lockstorm("confirm matrix/http/terraform/no-lost-update");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("CONFIRMED"));
  EXPECT_THAT(result.out, HasSubstr("no-lost-update"));
}

TEST_F(ConfirmOnTerraform, TakesTheFirstStringOfAReport) {
  const scenarios::FileTree tree{};
  const std::string report = (tree.root() / "report.json").string();
  const std::string confirmed = (tree.root() / "confirmed.json").string();
  lockstorm("verify http/gitlab/terraform/force-unlock-race --json " + report);
  const CommandResult result = lockstorm("confirm " + report + " --json " + confirmed);
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("`force-unlock`: status 0"));
  const auto document = nlohmann::json::parse(file_text(confirmed));
  EXPECT_EQ(document["results"][0]["outcome"], "confirmed");
  EXPECT_EQ(document["results"][0]["stored"]["at_last_step"][0]["lock"], "client-2's, OperationTypeApply");
}

TEST_F(ConfirmOnTerraform, EndsSessionsOfPostgres) {
  const CommandResult result = lockstorm("confirm pg/terraform/session-ends");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("4 confirmed"));
}

// `serve` stands in for a store that is no part of this process.
TEST_F(ConfirmOnTerraform, ForcesOnARealStoreAndClearsUp) {
  const scenarios::FileTree tree{};
  const CommandResult result =
      served_script(tree, "http",
                    "'" LOCKSTORM_BINARY
                    "' confirm matrix/http-lock-unlock/terraform/no-lost-update --server "
                    "http=$URL_http/states --html page.html; "
                    "echo status $?; curl -s $URL_http/-/contents; grep -c evidence page.html");
  EXPECT_THAT(result.out, HasSubstr("CONFIRMED"));
  EXPECT_THAT(result.out, HasSubstr("http /states/lockstorm-confirm-"));
  EXPECT_THAT(result.out, HasSubstr("status 0"));
  EXPECT_THAT(result.out, HasSubstr("\"places\": {}"));
  EXPECT_THAT(result.out, testing::Not(HasSubstr("\n0\n")));
}

TEST(Confirm, SaysWhichStoresCanStandIn) {
  for (const char* wrong :
       {"gcs=http://127.0.0.1:1/b", "s3=http://127.0.0.1:1", "http", "pg=http://127.0.0.1/x",
        "azblob=http://127.0.0.1:1/account", "s3=http://me:hunter2@127.0.0.1:1/b"}) {
    const CommandResult result =
        lockstorm(std::string("confirm http/blob/terraform/crash --server ") + wrong);
    EXPECT_EQ(result.status, 65) << wrong;
    EXPECT_THAT(result.out, testing::Not(HasSubstr("hunter2")));
  }
}

TEST(Confirm, SaysWhatCannotBeForced) {
  const CommandResult result = lockstorm("confirm local/terraform/crash");
  EXPECT_THAT(result.out, HasSubstr("CANNOT BE FORCED"));
  EXPECT_EQ(result.status, 3);
}

TEST(Confirm, SaysThatThereIsNoTool) {
  const CommandResult result =
      shell("PATH=/nowhere '" LOCKSTORM_BINARY "' confirm matrix/http/terraform/mutual-exclusion 2>&1");
  EXPECT_THAT(result.out, HasSubstr("NO TOOL: there is no terraform"));
  EXPECT_EQ(result.status, 3);
}

TEST(Confirm, SaysWhatIsWrongWithItsSubject) {
  EXPECT_EQ(lockstorm("confirm LS1-AAAA").status, 65);
  EXPECT_EQ(lockstorm("confirm no/such/scenario").status, 65);
  const CommandResult nothing = lockstorm("confirm http/gitlab/terraform/no-faults");
  EXPECT_EQ(nothing.status, 65);
  EXPECT_THAT(nothing.out, HasSubstr("nothing is violated here, so there is nothing to force"));
  EXPECT_THAT(lockstorm("confirm http/blob/terraform/crash --terraform /nowhere").out,
              HasSubstr("/nowhere: error: is no program"));
}

}  // namespace
}  // namespace lockstorm::cli
