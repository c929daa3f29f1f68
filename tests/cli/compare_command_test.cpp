// `lockstorm compare` as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kExample = std::string(LOCKSTORM_SOURCE) + "/examples/s3-dynamodb";
const std::string kToLockFile = " --set use_lockfile=true --unset dynamodb_table";

TEST(Compare, TellsWhatChangesAndHowToGetThere) {
  const CommandResult result = lockstorm("compare " + kExample + kToLockFile + " --faults none,crash", false);
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("\nB turns 1 finding (1 high) and opens none.\n"));
  EXPECT_THAT(result.out, HasSubstr("  goes   high     LS-S3-402  state-integrity\n"));
  EXPECT_THAT(result.out, HasSubstr("    unsafe     jobs with A beside jobs with B\n"));
  EXPECT_THAT(result.out, HasSubstr("    safe       jobs with A beside jobs with A+B\n"));
  EXPECT_THAT(result.out, HasSubstr("    unsafe     the way back: "));
  EXPECT_THAT(result.out, HasSubstr("  Take this one: from A to B with all jobs stopped.\n"));
  EXPECT_THAT(result.out, HasSubstr("\n-- jobs with A beside jobs with B: no-lost-update ---"));
}

TEST(Compare, TheSchedulesOfMixturesReplayWithoutAFile) {
  const CommandResult result =
      lockstorm("compare --json - " + kExample + kToLockFile + " --faults none", false);
  const auto json = nlohmann::json::parse(result.out);
  std::size_t replayed = 0;
  for (const auto& world : json["results"]) {
    EXPECT_EQ(world["engine"], "compare");
    for (const auto& counterexample : world["counterexamples"]) {
      const std::string replay = counterexample["replay"];
      const CommandResult again = lockstorm("replay " + replay);
      EXPECT_EQ(again.status, 1) << again.out;
      ++replayed;
    }
  }
  EXPECT_GE(replayed, 3U) << "two mixtures and the way back";
  const auto& roll_out = json["compare"]["pairs"][0]["roll_out"];
  EXPECT_EQ(roll_out["relation"], "one-state");
  EXPECT_EQ(roll_out["orders"][roll_out["best"].get<std::size_t>()]["safety"], "safe");
}

TEST(Compare, FailsForWhatComesAtOrAboveTheGrade) {
  const TemporaryDirectory directory;
  directory.write(
      "locked.tf",
      "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = \"k\"\n use_lockfile = true\n }\n}\n");
  const std::string compare = "compare --faults none --no-roll-out " + directory.file("locked.tf");
  const CommandResult opened = lockstorm(compare + " --set use_lockfile=false", false);
  EXPECT_EQ(opened.status, 1);
  EXPECT_THAT(opened.out, HasSubstr("comes  critical LS-S3-300"));
  EXPECT_EQ(lockstorm(compare + " --set use_lockfile=false --fail-on never", false).status, 0);
  EXPECT_EQ(lockstorm(compare + " --set max_retries=1", false).status, 0);
}

TEST(Compare, OfTwoTreesTellsEachPairAndWhatIsAlone) {
  const TemporaryDirectory directory;
  const auto write = [&](const std::string& folder, const std::string& lock) {
    shell("mkdir -p " + directory.file(folder));
    directory.write(folder + "/main.tf", "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = \"" +
                                             folder.substr(2) + "\"\n " + lock + "\n }\n}\n");
  };
  write("a/app", "");
  write("a/data", "use_lockfile = true");
  write("b/app", "use_lockfile = true");
  write("b/data", "use_lockfile = true");
  write("b/more", "");
  const CommandResult result =
      lockstorm("compare --quiet --faults none " + directory.file("a") + " " + directory.file("b"), false);
  EXPECT_EQ(result.status, 1) << "the state that is only in B has no lock";
  EXPECT_THAT(result.out, HasSubstr("app: B turns 4 findings (3 critical, 1 high) and opens none."));
  EXPECT_THAT(result.out, HasSubstr("data: B turns nothing and opens nothing."));
  const CommandResult whole =
      lockstorm("compare --faults none " + directory.file("a") + " " + directory.file("b"), false);
  EXPECT_THAT(whole.out, HasSubstr("Only in B: more, 3 critical, 1 high."));
}

// A tree with a state and a workflow that applies it.
void write_tree(const TemporaryDirectory& directory, const std::string& name, const std::string& group) {
  shell("mkdir -p " + directory.file(name + "/.git") + " " + directory.file(name + "/.github/workflows"));
  directory.write(
      name + "/main.tf",
      "terraform {\n backend \"s3\" {\n bucket = \"b\"\n key = \"k\"\n use_lockfile = true\n }\n}\n");
  directory.write(name + "/.github/workflows/w.yml",
                  "name: w\non: {push: {branches: [main]}}\njobs:\n  apply:\n    runs-on: ubuntu-latest\n"
                  "    timeout-minutes: 240\n    concurrency: {group: prod" +
                      group +
                      "}\n    steps:\n      - run: terraform init && terraform apply -auto-approve "
                      "-lock-timeout=9m\n");
}

TEST(Compare, AHazardOfAWorkflowThatComesOrGoesIsTold) {
  const TemporaryDirectory directory;
  write_tree(directory, "safe", ", queue: max");
  write_tree(directory, "cancels", ", queue: max, cancel-in-progress: true");
  const std::string options = "compare --faults none --no-roll-out ";
  const std::string safe = " " + directory.file("safe");
  const std::string cancels = " " + directory.file("cancels");
  const CommandResult comes = lockstorm(options + safe + cancels, false);
  EXPECT_EQ(comes.status, 1);
  EXPECT_THAT(comes.out, HasSubstr("In the CI files 2 hazards come (2 high), and no hazard goes."));
  EXPECT_THAT(comes.out, HasSubstr("  comes  high     LS-CI-P05  "));
  EXPECT_THAT(comes.out, HasSubstr(".github/workflows/w.yml:7:"));
  const CommandResult goes = lockstorm(options + cancels + safe, false);
  EXPECT_EQ(goes.status, 0);
  EXPECT_THAT(goes.out, HasSubstr("no hazard comes, and 2 hazards go (2 high)."));
  EXPECT_THAT(lockstorm(options + safe + safe, false).out,
              HasSubstr("In the CI files no hazard comes, and no hazard goes."));
  EXPECT_THAT(lockstorm(options + "--no-pipeline" + safe + cancels, false).out, Not(HasSubstr("CI files")));
  const CommandResult json = lockstorm(options + "--json -" + safe + cancels, false);
  const auto hazards = nlohmann::json::parse(json.out)["compare"]["pipeline"]["hazards"];
  ASSERT_EQ(hazards.size(), 2U);
  EXPECT_EQ(hazards[0]["rule"], "LS-CI-P05");
  EXPECT_EQ(hazards[0]["change"], "comes");
  EXPECT_EQ(hazards[0]["causes"][0]["line"], 7);
}

TEST(Compare, TakesTwoCiFilesByThemselves) {
  const TemporaryDirectory directory;
  write_tree(directory, "safe", ", queue: max");
  write_tree(directory, "cancels", ", queue: max, cancel-in-progress: true");
  shell("cp " + directory.file("safe/.github/workflows/w.yml") + " " + directory.file("a.yml") + " && cp " +
        directory.file("cancels/.github/workflows/w.yml") + " " + directory.file("b.yml"));
  const CommandResult result =
      lockstorm("compare " + directory.file("a.yml") + " " + directory.file("b.yml"), false);
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("comes  high     LS-CI-P05"));
  EXPECT_THAT(result.out, Not(HasSubstr("B turns")));
}

TEST(Compare, ABrokenWorkflowIsToldAndTheRestIsCompared) {
  const TemporaryDirectory directory;
  write_tree(directory, "a", ", queue: max");
  write_tree(directory, "b", ", queue: max");
  directory.write("b/.github/workflows/bad.yml", "on: push\njobs:\n  x:\n    steps:\n      - a\n     - b\n");
  const CommandResult result =
      lockstorm("compare --faults none --no-roll-out " + directory.file("a") + " " + directory.file("b"));
  EXPECT_EQ(result.status, 65);
  EXPECT_THAT(result.out, HasSubstr("bad.yml:6:6: error: broken YAML"));
  EXPECT_THAT(result.out, HasSubstr("B turns nothing and opens nothing."));
}

TEST(Compare, SaysWhatIsWrongWithItsInput) {
  const CommandResult nothing = lockstorm("compare " + kExample);
  EXPECT_EQ(nothing.status, 65);
  EXPECT_THAT(nothing.out, HasSubstr("there is nothing to compare it with"));
  EXPECT_EQ(lockstorm("compare " + kExample + " /nowhere").status, 65);
  EXPECT_EQ(lockstorm("compare " + kExample + " --set use_lockfile").status, 64);
  EXPECT_EQ(lockstorm("compare").status, 64);
  const CommandResult refused = lockstorm("compare " + kExample + " --set use_lockfile=perhaps");
  EXPECT_EQ(refused.status, 65);
  EXPECT_THAT(refused.out, HasSubstr("use_lockfile"));
}

TEST(Compare, ShowsNoCredential) {
  const TemporaryDirectory directory;
  directory.write("main.tf",
                  "terraform {\n backend \"pg\" {\n conn_str = \"postgres://u:hunter2@db/s\"\n }\n}\n");
  const CommandResult result =
      lockstorm("compare --json " + directory.file("out.json") + " --faults none " +
                directory.file("main.tf") + " --set conn_str=postgres://u:swordfish@db/other");
  EXPECT_THAT(result.out, Not(HasSubstr("hunter2")));
  EXPECT_THAT(result.out, Not(HasSubstr("swordfish")));
  EXPECT_THAT(result.out, HasSubstr("conn_str")) << "what differs is named";
  const std::string json = shell("cat " + directory.file("out.json")).out;
  EXPECT_THAT(json, Not(testing::AnyOf(HasSubstr("hunter2"), HasSubstr("swordfish"))));
}

}  // namespace
}  // namespace lockstorm::cli
