// `lockstorm advise unlock` as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kAsOf = " --as-of 2026-11-29T10:30:00Z";

CommandResult unlock(const std::string& arguments) {
  return lockstorm("advise unlock" + std::string(kAsOf) + " " + arguments);
}

TEST(AdviseUnlock, SaysSafeWaitOrDangerous) {
  const CommandResult wait = unlock("--backend s3+lockfile --job dead --age 5m");
  EXPECT_EQ(wait.status, 1);
  EXPECT_THAT(wait.out,
              HasSubstr("WAIT until 2026-11-29 10:40:00 UTC (another 10 minutes), then remove the lock."));
  EXPECT_THAT(wait.out, HasSubstr("terraform force-unlock '<LOCK_ID>'"));
  const CommandResult safe = unlock("--backend s3+lockfile --job dead --age 20m");
  EXPECT_EQ(safe.status, 0);
  EXPECT_THAT(safe.out, HasSubstr("SAFE: the lock can be removed now."));
  const CommandResult dangerous = unlock("--backend s3+lockfile");
  EXPECT_EQ(dangerous.status, 1);
  EXPECT_THAT(dangerous.out, HasSubstr("DANGEROUS: do not remove the lock"));
  EXPECT_THAT(dangerous.out, HasSubstr("lockstorm replay LS1-"));
  EXPECT_THAT(dangerous.out, Not(HasSubstr("terraform force-unlock")));
}

// Each backend of the tools, in the modes in which it locks.
TEST(AdviseUnlock, AnswersForEveryBackend) {
  for (const std::string backend : {"s3+lockfile", "s3+dynamodb", "s3+lockfile+dynamodb", "azurerm", "consul",
                                    "cos", "gcs", "http+lock+unlock", "kubernetes", "local", "oss+tablestore",
                                    "pg", "remote", "cloud", "oci", "state_store"}) {
    // Without standard error: a slow machine shows progress there.
    const CommandResult result = lockstorm(
        "advise unlock" + std::string(kAsOf) + " --json - --job dead --age 1h --backend " + backend, false);
    EXPECT_THAT(result.status, testing::AnyOf(0, 1, 2)) << backend << result.out;
    if (result.status > 2) continue;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_THAT((json["advise"]["answer"].get<std::string>()),
                testing::AnyOf("safe", "nothing-to-do", "dangerous", "unknown"))
        << backend;
    EXPECT_FALSE(json["advise"]["remove"].empty()) << backend;
    EXPECT_FALSE(json["advise"]["worlds"].empty()) << backend;
  }
}

TEST(AdviseUnlock, NamesWhatTheConfigurationNames) {
  const TemporaryDirectory directory;
  directory.write(
      "main.tf",
      "terraform {\n backend \"s3\" {\n bucket = \"states\"\n key = \"live/app\"\n use_lockfile = true\n"
      " secret_key = \"CANARY\"\n }\n}\n");
  directory.write("lock.txt",
                  "Lock Info:\n  ID:        0f1d-2c3b\n  Path:      states/env:/prod/live/app\n"
                  "  Operation: OperationTypeApply\n  Who:       ci@runner\n"
                  "  Created:   2026-11-29 10:00:00 +0000 UTC\n  Info:      CANARY\n");
  const CommandResult result = unlock("--workspace prod --job dead --age 25m --lock-info " +
                                      directory.file("lock.txt") + " --backend " + directory.file(""));
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("s3://states/env:/prod/live/app.tflock"));
  EXPECT_THAT(result.out, HasSubstr("TF_WORKSPACE=prod terraform -chdir="));
  EXPECT_THAT(result.out, HasSubstr(" force-unlock 0f1d-2c3b\n"));
  EXPECT_THAT(result.out, HasSubstr("by ci@runner"));
  EXPECT_THAT(result.out, Not(HasSubstr("CANARY")));
}

TEST(AdviseUnlock, RefusesTheLockOfAnotherState) {
  const TemporaryDirectory directory;
  directory.write(
      "main.tf",
      "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = \"k\"\n use_lockfile = true\n }\n}\n");
  directory.write("lock.txt", "ID: a-1\nPath: b/other\n");
  const CommandResult result = unlock("--job dead --age 1h --lock-info " + directory.file("lock.txt") +
                                      " --backend " + directory.file(""));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out,
              HasSubstr("The lock info is of another state: its path is b/other, and this one's is b/k."));
}

TEST(AdviseUnlock, ReadsStandardInput) {
  const CommandResult result =
      shell("echo '{\"ID\": \"a-1\"}' | NO_COLOR= " + std::string(LOCKSTORM_BINARY) +
            " advise unlock --backend s3+lockfile --job dead --age 1h --lock-info - 2>&1");
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("terraform force-unlock a-1"));
}

TEST(AdviseUnlock, SaysWhatIsWrongWithItsInput) {
  const TemporaryDirectory directory;
  directory.write("broken.json", "{\"ID\": \"a\",\n  \"Who\" 1}");
  const CommandResult broken = unlock("--backend s3+lockfile --lock-info " + directory.file("broken.json"));
  EXPECT_EQ(broken.status, 65);
  EXPECT_THAT(broken.out, HasSubstr("broken.json:2:9: error: broken JSON"));
  EXPECT_EQ(unlock("--backend s3+lockfile --lock-info /nowhere").status, 65);
  EXPECT_EQ(unlock("--backend s3+lockfil").status, 65);
  EXPECT_THAT(unlock("--backend s3").out, HasSubstr("jobs take no lock with this block"));
  EXPECT_EQ(unlock("--backend s3").status, 65);
  EXPECT_EQ(unlock("").status, 64);
  EXPECT_EQ(unlock("errored-state --backend s3+lockfile").status, 64);
  EXPECT_EQ(unlock("--backend s3+lockfile --job gone").status, 64);
  EXPECT_EQ(unlock("--backend s3+lockfile --age soon").status, 64);
  directory.write("lock.txt", "ID: a-1\nCreated: 2026-11-29 10:20:00 UTC\n");
  const CommandResult early =
      unlock("--backend s3+lockfile --job dead --age 1h --lock-info " + directory.file("lock.txt"));
  EXPECT_EQ(early.status, 65);
  EXPECT_THAT(early.out, HasSubstr("the job would have ended before it took the lock"));
}

}  // namespace
}  // namespace lockstorm::cli
