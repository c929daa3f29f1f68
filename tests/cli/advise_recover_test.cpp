// `lockstorm advise recover` as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AdviseRecover, HasTheRunbookWithTheRealNames) {
  const TemporaryDirectory directory;
  directory.write("main.tf",
                  "terraform {\n backend \"s3\" {\n bucket = \"states\"\n key = \"live/app\"\n"
                  " dynamodb_table = \"locks\"\n secret_key = \"CANARY\"\n }\n}\n");
  const CommandResult result = lockstorm("advise recover digest-mismatch --backend " + directory.file(""));
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("PROVED: "));
  EXPECT_THAT(result.out,
              HasSubstr("--table-name locks --key '{\"LockID\": {\"S\": \"states/live/app-md5\"}}'"));
  EXPECT_THAT(result.out, HasSubstr("--condition-expression 'Digest = :old'"));
  EXPECT_THAT(result.out, Not(HasSubstr("CANARY")));
}

TEST(AdviseRecover, SaysWhatIsProvedAndWhatNot) {
  const CommandResult result =
      lockstorm("advise recover errored-state --backend s3+lockfile --json -", false);
  EXPECT_EQ(result.status, 0);
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["advise"]["proved"], true);
  std::size_t unsafe = 0;
  for (const auto& trial : json["advise"]["trials"]) {
    const bool is_step = trial["remedy"] == "push" && trial["others_apply"] == false;
    EXPECT_EQ(trial["answer"], is_step ? "proved" : "unsafe");
    unsafe += is_step ? 0 : 1;
  }
  EXPECT_EQ(unsafe, 2U);
  const std::string replay = json["results"][0]["counterexamples"][0]["replay"];
  EXPECT_EQ(lockstorm("replay " + replay).status, 1);
}

TEST(AdviseRecover, AnswersForEveryBackend) {
  for (const std::string backend : {"s3+dynamodb", "azurerm", "consul", "gcs", "http+lock+unlock",
                                    "kubernetes", "pg", "oss+tablestore", "cos", "oci", "remote"}) {
    for (const std::string situation : {"errored-state", "lineage-refused"}) {
      const CommandResult result = lockstorm("advise recover " + situation + " --backend " + backend);
      EXPECT_THAT(result.status, testing::AnyOf(0, 2, 65)) << backend << ' ' << situation << result.out;
      if (result.status != 65) continue;
      EXPECT_THAT(result.out, HasSubstr("no world was found")) << backend;
    }
  }
}

TEST(AdviseRecover, SaysWhatIsWrongWithItsInput) {
  const CommandResult none = lockstorm("advise recover digest-mismatch --backend s3+lockfile");
  EXPECT_EQ(none.status, 65);
  EXPECT_THAT(none.out, HasSubstr("no digest is kept beside this state"));
  EXPECT_EQ(lockstorm("advise recover --backend s3+lockfile").status, 64);
  EXPECT_EQ(lockstorm("advise recover nothing --backend s3+lockfile").status, 64);
  EXPECT_EQ(lockstorm("advise recover errored-state --job dead --backend s3+lockfile").status, 64);
  EXPECT_EQ(lockstorm("advise recover errored-state").status, 64);
}

}  // namespace
}  // namespace lockstorm::cli
