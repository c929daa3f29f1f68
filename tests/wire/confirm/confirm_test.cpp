// `lockstorm confirm`, on a real Terraform where there is one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/file_text.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/installed.hpp"

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
