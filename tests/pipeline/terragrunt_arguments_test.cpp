// What Terragrunt's own arguments, and the files of its units, make of a run of the tool.
#include "scenarios/pipeline/terragrunt_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/hazard_ids.hpp"
#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(TerragruntWordsTest, AreSortedIntoItsOwnAndTheTools) {
  const TerragruntWords old =
      terragrunt_words({"--terragrunt-log-level", "debug", "run-all", "apply", "--terragrunt-parallelism",
                        "4", "--terragrunt-non-interactive", "-lock-timeout=5m"});
  EXPECT_THAT(old.tool, ElementsAre("apply", "-lock-timeout=5m"));
  EXPECT_TRUE(old.is_many);
  EXPECT_EQ(old.at_once, 4U);
  const TerragruntWords now =
      terragrunt_words({"run", "--all", "--parallelism=1", "--working-dir", "live", "--", "apply", "tfplan"});
  EXPECT_THAT(now.tool, ElementsAre("apply", "tfplan"));
  EXPECT_TRUE(now.is_many);
  EXPECT_EQ(now.at_once, 1U);
  EXPECT_EQ(now.working_directory, "live");
  EXPECT_FALSE(terragrunt_words({"apply", "--terragrunt-config", "prod.hcl"}).is_many);
  EXPECT_THAT(terragrunt_words({"apply", "--terragrunt-config", "prod.hcl"}).tool, ElementsAre("apply"));
  EXPECT_TRUE(terragrunt_words({"stack", "run", "apply"}).is_many);
  EXPECT_TRUE(terragrunt_words({"apply-all"}).is_many);
}

TEST(TerragruntWordsTest, OneDirectoryThatIsIncludedIsWhereItWorks) {
  EXPECT_EQ(terragrunt_words({"run-all", "apply", "--terragrunt-include-dir", "vpc"}).included, "vpc");
  EXPECT_EQ(terragrunt_words({"run-all", "apply", "--terragrunt-include-dir", "**/vpc"}).included,
            std::nullopt);
  EXPECT_EQ(
      terragrunt_words({"run", "--all", "--queue-include-dir", "a", "--queue-include-dir", "b"}).included,
      std::nullopt);
}

// A tree of one unit, whose root file says `more`.
class Units : public testing::Test {
 protected:
  void write(const std::string& more, const std::string& command) const {
    repository_.write("live/terragrunt.hcl", more);
    repository_.write("live/vpc/terragrunt.hcl",
                      "include \"root\" { path = find_in_parent_folders() }\n"
                      "terraform { source = \"../../modules//vpc\" }\n");
    repository_.write(".github/workflows/tg.yml",
                      "name: tg\non: {push: {branches: [main]}}\njobs:\n  all:\n    runs-on: ubuntu-latest\n"
                      "    timeout-minutes: 300\n    steps:\n      - run: " +
                          command + "\n");
  }
  [[nodiscard]] Command only_command() const {
    const Pipeline pipeline = repository_.read();
    return pipeline.jobs.at(0).runs.at(0).commands.at(0);
  }
  [[nodiscard]] std::string ids() const { return ids_of(repository_.read()); }

  Repository repository_;
};

constexpr const char* kWaits =
    "terraform {\n  extra_arguments \"wait\" {\n"
    "    commands = get_terraform_commands_that_need_locking()\n"
    "    arguments = [\"-lock-timeout=20m\"]\n  }\n}\n";

TEST_F(Units, WaitForTheLockAsTheirFilesSay) {
  write(kWaits, "terragrunt run-all apply --terragrunt-parallelism 4 --terragrunt-working-dir live");
  EXPECT_EQ(only_command().lock_timeout, minutes(20));
  EXPECT_FALSE(only_command().applies_plan_file) << "4 is no file of a plan";
  EXPECT_EQ(only_command().units_at_once, 4U);
  EXPECT_THAT(ids(), testing::Not(HasSubstr("P11")));
  write("", "terragrunt run-all apply --terragrunt-working-dir live");
  EXPECT_THAT(ids(), HasSubstr("P11"));
}

TEST_F(Units, TheCommandLineCountsMore) {
  write(kWaits, "cd live/vpc && terragrunt apply -lock-timeout=1m -auto-approve");
  EXPECT_EQ(only_command().lock_timeout, minutes(1));
}

TEST_F(Units, TakeNoLockWhereTheirFilesSaySo) {
  write(
      "terraform {\n  extra_arguments \"no\" {\n    commands = [\"apply\"]\n"
      "    arguments = [\"-lock=false\"]\n  }\n}\n",
      "terragrunt run --all --working-dir live -- apply");
  const Command command = only_command();
  ASSERT_TRUE(command.lock_off);
  EXPECT_THAT(command.lock_off->file, HasSubstr("live/terragrunt.hcl"));
  EXPECT_EQ(command.lock_off->line, 2U);
  EXPECT_THAT(ids(), HasSubstr("P13"));
}

TEST_F(Units, RepeatEverythingOnlyWhereAnExpressionSaysSo) {
  for (const char* blind :
       {"retryable_errors = [\"(?s).*\"]\n", "retryable_errors = [\".*Error acquiring the state lock.*\"]\n",
        "errors {\n  retry \"all\" {\n    retryable_errors = [\".*\"]\n"
        "    max_attempts = 3\n    sleep_interval_sec = 5\n  }\n}\n"}) {
    write(blind, "terragrunt run-all apply --terragrunt-working-dir live");
    EXPECT_THAT(ids(), HasSubstr("P18")) << blind;
  }
  for (const char* narrow : {"retryable_errors = [\"(?s).*429 Too Many Requests.*\"]\n", ""}) {
    write(narrow, "terragrunt run-all apply --terragrunt-working-dir live");
    EXPECT_THAT(ids(), testing::Not(HasSubstr("P18"))) << narrow;
  }
}

TEST_F(Units, PlansOfAllUnitsAreAppliedLater) {
  write("", "terragrunt run --all --out-dir /tmp/plans --working-dir live -- apply");
  EXPECT_TRUE(only_command().applies_plan_file);
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
