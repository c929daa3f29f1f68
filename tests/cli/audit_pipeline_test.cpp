// An audit of a repository with CI files: what they say of jobs, and their hazards in every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::FileTree;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr const char* kUnlockedState =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"prod\"\n  }\n}\n";
constexpr const char* kLockedState =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"dev\"\n    use_lockfile = true\n  "
    "}\n}\n";

// Line 11 applies; nothing keeps two runs of it apart, and a cancel is never heard.
constexpr const char* kHazardousWorkflow = R"(name: prod
on: {push: {branches: [main]}}
jobs:
  apply:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: hashicorp/setup-terraform@v3
        with: {terraform_wrapper: false}
      - run: terraform -chdir=infra/prod init
      - run: terraform -chdir=infra/prod apply -auto-approve
)";

constexpr const char* kSafeWorkflow = R"(name: dev
on: {push: {branches: [main]}, workflow_dispatch: {}}
jobs:
  apply:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    concurrency: {group: tfstate-dev, cancel-in-progress: false, queue: max}
    env: {TF_IN_AUTOMATION: "1", TF_CLI_ARGS_apply: "-lock-timeout=20m"}
    steps:
      - uses: actions/checkout@v4
      - uses: hashicorp/setup-terraform@v3
        with: {terraform_wrapper: false}
      - run: terraform -chdir=infra/dev init -input=false
      - name: apply, handing one interrupt on
        run: |
          terraform -chdir=infra/dev apply -auto-approve -input=false & p=$!
          once() { trap '' INT TERM; kill -INT "$p"; }
          trap once INT TERM
          rc=0; wait "$p" || rc=$?
          while kill -0 "$p" 2>/dev/null; do rc=0; wait "$p" || rc=$?; done
          exit "$rc"
      - name: let an interrupted terraform finish (up to 4 minutes)
        if: always()
        run: for i in $(seq 240); do pgrep -x terraform >/dev/null || exit 0; sleep 1; done
)";

FileTree hazardous_repository() {
  return {{".git/HEAD", ""},
          {"infra/prod/main.tf", kUnlockedState},
          {".github/workflows/prod.yml", kHazardousWorkflow}};
}

FileTree safe_repository() {
  return {
      {".git/HEAD", ""}, {"infra/dev/main.tf", kLockedState}, {".github/workflows/dev.yml", kSafeWorkflow}};
}

// Without faults an audit takes no time.
CommandResult audit_in(const FileTree& tree, const std::string& arguments) {
  return shell("cd " + tree.root().string() + " && NO_COLOR= " LOCKSTORM_BINARY " audit --faults none " +
               arguments + " 2>&1");
}

// The only one with that rule.
const Json& with_rule(const Json& entries, const std::string& key, const std::string& rule) {
  const Json* found = nullptr;
  for (const Json& one : entries) {
    if (one.at(key) != rule) continue;
    EXPECT_EQ(found, nullptr) << rule << " stands twice";
    found = &one;
  }
  if (found == nullptr) throw std::runtime_error("no " + rule + " in " + entries.dump());
  return *found;
}

Json written(const FileTree& tree, const std::string& option) {
  audit_in(tree, option + " out.json .");
  return Json::parse(file_text(tree.root() / "out.json"));
}

TEST(AuditPipeline, HazardsAreFindingsBesideThoseOfTheBackend) {
  const CommandResult result = audit_in(hazardous_repository(), ".");
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("LS-CI-P01 .github/workflows/prod.yml:11"),
                                HasSubstr("LS-S3-300 (critical): Without any fault"),
                                HasSubstr("LS-CI-P06 in"), HasSubstr("Fails: LS-S3-300")));
  EXPECT_LE(std::ranges::count(result.out, '\n'), 25);
}

TEST(AuditPipeline, OneJobAtATimeIsWhatTheFilesSay) {
  const CommandResult result = audit_in(safe_repository(), "infra/dev");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("s3 with use_lockfile, 1 client"), HasSubstr("-lock-timeout=20m"),
                    HasSubstr("one job at a time: the CI files keep runs apart"), Not(HasSubstr("LS-CI-"))));
  EXPECT_THAT(
      audit_in(safe_repository(), "--jobs-in-ci 3 --lock-timeout 1m .").out,
      AllOf(HasSubstr("3 clients"), HasSubstr("-lock-timeout=1m"), Not(HasSubstr("one job at a time"))));
  EXPECT_THAT(audit_in(safe_repository(), "--no-pipeline .").out,
              AllOf(HasSubstr("2 clients"), Not(HasSubstr("CI files"))));
}

TEST(AuditPipeline, OnlyHazardsOfWhatIsAuditedAreTold) {
  FileTree tree = hazardous_repository();
  tree.add("infra/dev/main.tf", kLockedState);
  tree.add(".github/workflows/dev.yml", kSafeWorkflow);
  EXPECT_THAT(audit_in(tree, "infra/dev").out, Not(HasSubstr("LS-CI-")));
  EXPECT_THAT(audit_in(tree, "infra/prod").out, HasSubstr("LS-CI-P01"));
}

TEST(AuditPipeline, ASecondTriggerOutsideOfTheGroupMakesTwoJobs) {
  FileTree tree = safe_repository();
  tree.add(
      ".github/workflows/nightly.yml",
      "name: nightly\non: {schedule: [{cron: '0 3 * * *'}]}\njobs:\n  apply:\n    runs-on: ubuntu-latest\n"
      "    steps:\n      - run: terraform -chdir=infra/dev apply -auto-approve\n");
  const CommandResult result = audit_in(tree, ".");
  EXPECT_THAT(result.out, AllOf(HasSubstr("2 clients"), HasSubstr("LS-CI-P01")));
}

TEST(AuditPipeline, AreAcceptedByPathAndByComment) {
  FileTree tree = hazardous_repository();
  tree.add(".lockstorm.yaml",
           "accept:\n  - {rule: LS-CI-P01, reason: moves next week, paths: [infra/prod]}\n"
           "  - {rule: \"LS-S3-*\", reason: a sandbox}\n");
  CommandResult result = audit_in(tree, ".");
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("accepted: moves next week"),
                                HasSubstr("Fails by .lockstorm.yaml: LS-CI-P06 in")));
  tree.add(
      ".github/workflows/prod.yml",
      std::string("# lockstorm:ignore LS-CI-P06 until=2027-01-31 nobody cancels\n") + kHazardousWorkflow);
  result = audit_in(tree, "--as-of 2027-01-31 .");
  EXPECT_EQ(result.status, 0) << result.out;
  result = audit_in(tree, "--as-of 2027-02-01 .");
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("nobody cancels"));
  tree.add(".github/workflows/prod.yml",
           std::string("# lockstorm:ignore LS-CI-P99 no rule\n") + kHazardousWorkflow);
  result = audit_in(tree, ".");
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_THAT(result.out, HasSubstr("prod.yml:1:1"));
}

TEST(AuditPipeline, AreKnownFromABaselineByFileAndJob) {
  const FileTree tree = hazardous_repository();
  EXPECT_EQ(audit_in(tree, "--write-baseline .").status, 0);
  const std::string baseline = file_text(tree.root() / ".lockstorm-baseline.json");
  EXPECT_THAT(baseline,
              HasSubstr(R"({"path": ".github/workflows/prod.yml", "job": "apply", "rule": "LS-CI-P01"})"));
  EXPECT_EQ(audit_in(tree, "--baseline .lockstorm-baseline.json .").status, 0);
  FileTree other = hazardous_repository();
  other.add(".lockstorm-baseline.json", baseline);
  other.add(".github/workflows/prod.yml", kSafeWorkflow);
  EXPECT_THAT(audit_in(other, "--baseline .lockstorm-baseline.json .").out,
              HasSubstr("in the baseline are gone"));
}

TEST(AuditPipeline, SarifHasThemAtTheirCausesWithTheRunThatTheyLeadTo) {
  const Json log = written(hazardous_repository(), "--sarif");
  const Json& result = with_rule(log.at("runs").at(0).at("results"), "ruleId", "LS-CI-P01");
  const Json& place = result.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), ".github/workflows/prod.yml");
  EXPECT_EQ(place.at("region").at("startLine"), 11);
  EXPECT_EQ(result.at("level"), "error");
  EXPECT_FALSE(result.at("codeFlows").empty());
  EXPECT_FALSE(result.at("relatedLocations").empty());
  const Json& rules = log.at("runs").at(0).at("tool").at("driver").at("rules");
  EXPECT_EQ(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id"), "LS-CI-P01");
}

TEST(AuditPipeline, EveryOtherFormatHasThem) {
  const FileTree tree = hazardous_repository();
  const Json json = written(tree, "--json");
  const Json& hazard = with_rule(json.at("pipeline").at("findings"), "rule", "LS-CI-P01");
  EXPECT_EQ(hazard.at("grade"), "critical");
  EXPECT_EQ(hazard.at("brings"), "LS-S3-300");
  EXPECT_EQ(hazard.at("where").at("line"), 11);
  EXPECT_EQ(with_rule(written(tree, "--gitlab"), "check_name", "LS-CI-P01").at("severity"), "blocker");
  audit_in(tree, "--junit out.xml --markdown out.md --html out.html --badge out.badge .");
  EXPECT_THAT(file_text(tree.root() / "out.xml"), HasSubstr("LS-CI-P01 Nothing keeps two runs apart"));
  EXPECT_THAT(file_text(tree.root() / "out.md"),
              AllOf(HasSubstr("| `LS-CI-P01` |"), HasSubstr("What to change in the pipeline")));
  EXPECT_THAT(file_text(tree.root() / "out.html"), HasSubstr("LS-CI-P01"));
  EXPECT_THAT(audit_in(tree, "--format github .").out,
              HasSubstr("::error file=.github/workflows/prod.yml,line=11,"));
  EXPECT_THAT(audit_in(tree, "--details .").out, AllOf(HasSubstr("The pipeline"), HasSubstr("fix:")));
}

TEST(AuditPipeline, OneHazardIsExplainedWithTheRun) {
  const CommandResult result = audit_in(hazardous_repository(), "--explain ls-ci-p01 .");
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("Nothing keeps two runs apart"), HasSubstr("PutObject of the state")));
  EXPECT_THAT(audit_in(safe_repository(), "--explain LS-CI-P01 .").out, HasSubstr("nothing of the kind"));
  EXPECT_EQ(audit_in(safe_repository(), "--explain LS-CI-P29 .").status, 64);
  EXPECT_THAT(shell(LOCKSTORM_BINARY " describe LS-CI-P07").out, HasSubstr("# LS-CI-P07: A clean-up step"));
}

TEST(AuditPipeline, ABrokenWorkflowIsToldWithItsPlaceAndTheRestIsAnswered) {
  FileTree tree = hazardous_repository();
  tree.add(".github/workflows/broken.yml", "on: push\njobs: {\n");
  const CommandResult result = audit_in(tree, ".");
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("broken.yml:"), HasSubstr("LS-CI-P01"), HasSubstr("LS-S3-300")));
}

// Blocks of docs/pipelines.md, as files of repositories whose state has a lock file.
TEST(AuditPipeline, TheSafePipelinesOfTheManualPassWithOneJobAtATime) {
  const std::string page = file_text(std::filesystem::path(LOCKSTORM_SOURCE) / "docs" / "pipelines.md");
  std::size_t at = 0;
  for (const char* const name : {".github/workflows/apply.yml", ".gitlab-ci.yml", "azure-pipelines.yml"}) {
    at = page.find("```yaml\n", at);
    ASSERT_NE(at, std::string::npos);
    at += 8;
    FileTree tree{{".git/HEAD", ""}, {"main.tf", scenarios::kLockFileBlock}};
    tree.add(name, page.substr(at, page.find("```", at) - at));
    const CommandResult result =
        shell("cd " + tree.root().string() + " && NO_COLOR= " LOCKSTORM_BINARY " audit . 2>&1");
    EXPECT_EQ(result.status, 0) << name << result.out;
    EXPECT_THAT(result.out,
                AllOf(HasSubstr(", 1 client"), HasSubstr("-lock-timeout=20m"), Not(HasSubstr("LS-CI-"))));
  }
}

TEST(AuditPipeline, FixGivesEveryJobOfAStateTheSameGroup) {
  FileTree tree = hazardous_repository();
  tree.add(".github/workflows/nightly.yml",
           "name: nightly\non: {schedule: [{cron: '0 3 * * *'}]}\njobs:\n  # repairs drift\n  drift:\n    "
           "runs-on: ubuntu-latest\n"
           "    steps:\n      - run: terraform -chdir=infra/prod apply -auto-approve\n");
  const CommandResult shown = audit_in(tree, "--fix --diff .");
  EXPECT_THAT(shown.out, AllOf(HasSubstr("+++ b/.github/workflows/nightly.yml"),
                               HasSubstr("+    concurrency: {group: tfstate-infra-prod,")));
  EXPECT_EQ(file_text(tree.root() / ".github/workflows/prod.yml"), kHazardousWorkflow);
  const CommandResult fixed = audit_in(tree, "--fix .");
  EXPECT_EQ(fixed.status, 0) << fixed.out;
  EXPECT_THAT(fixed.out,
              AllOf(HasSubstr("gone: LS-CI-P01"), HasSubstr("1 client"), Not(HasSubstr("LS-CI-P01  "))));
  EXPECT_THAT(file_text(tree.root() / ".github/workflows/nightly.yml"),
              HasSubstr("  # repairs drift\n  drift:\n    concurrency: {group: tfstate-infra-prod, "
                        "cancel-in-progress: false, queue: max}\n    runs-on: ubuntu-latest\n"));
  EXPECT_THAT(audit_in(tree, "--fix .").out, HasSubstr("Nothing is edited."));
}

constexpr const char* kNightlyDestroy = R"(name: nightly
on: {schedule: [{cron: '0 20 * * *'}]}
jobs:
  destroy:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    steps:
      - run: terraform -chdir=infra/dev destroy -auto-approve -lock=false
)";

TEST(AuditPipeline, JobsThatMeetAreAWorldOfTheirOwn) {
  FileTree tree = safe_repository();
  tree.add(".github/workflows/nightly.yml", kNightlyDestroy);
  const CommandResult details = audit_in(tree, "--details .");
  EXPECT_EQ(details.status, 1);
  EXPECT_THAT(
      details.out,
      AllOf(HasSubstr("violated  'destroy' of nightly beside 'apply' of dev"),
            HasSubstr("client-1 is 'destroy' of nightly (schedule), which runs destroy with -lock=false"),
            HasSubstr(".github/workflows/nightly.yml:8:14: 'destroy' of nightly (schedule)"),
            HasSubstr(".github/workflows/dev.yml:7:26: concurrency group `tfstate-dev`"),
            HasSubstr("goes ahead without a lock"), HasSubstr("lockstorm replay LS1-")));
  const Json json = written(tree, "--json");
  const Json& met = json.at("pipeline").at("meetings");
  ASSERT_FALSE(met.empty());
  bool is_found = false;
  for (const Json& world : met) {
    const Json& jobs = world.at("meetings").at(0).at("jobs");
    if (jobs.at(0).at("job") != "destroy" || jobs.at(1).at("job") != "apply") continue;
    is_found = true;
    EXPECT_EQ(world.at("verdict"), "violated");
    EXPECT_EQ(jobs.at(1).at("where").at("line"), 16);
    EXPECT_THAT(world.at("findings").at(0).at("rule").get<std::string>(), HasSubstr("LS-S3-"));
  }
  EXPECT_TRUE(is_found) << met.dump(2);
}

TEST(AuditPipeline, AReaderWithoutTheLockBesideAnApplyHolds) {
  FileTree tree = safe_repository();
  tree.add(".github/workflows/drift.yml",
           "name: drift\non: {schedule: [{cron: '0 3 * * *'}]}\njobs:\n  plan:\n    runs-on: ubuntu-latest\n"
           "    steps:\n      - run: terraform -chdir=infra/dev plan -lock=false\n");
  const CommandResult details = audit_in(tree, "--details .");
  EXPECT_EQ(details.status, 0) << details.out;
  EXPECT_THAT(details.out, HasSubstr("held      'plan' of drift beside 'apply' of dev"));
}

TEST(AuditPipeline, WhatHasNoEditIsSaid) {
  const FileTree tree{
      {".git/HEAD", ""},
      {"main.tf", scenarios::kLockFileBlock},
      {".github/workflows/w.yml",
       "name: w\non: {push: {branches: [main]}}\njobs:\n  plan:\n    runs-on: ubuntu-latest\n"
       "    steps:\n      - run: terraform plan -out=tfplan\n  apply:\n    needs: plan\n"
       "    runs-on: ubuntu-latest\n    steps:\n      - run: terraform apply tfplan | tee log\n"}};
  EXPECT_THAT(audit_in(tree, "--fix .").out,
              AllOf(HasSubstr(".github/workflows/w.yml:12: there is no edit against LS-CI-P06;"),
                    HasSubstr(".github/workflows/w.yml:12: there is no edit against LS-CI-P12;")));
}

// What stands in a workflow, what is edited in it, and which hazard is gone then.
struct EditedWorkflow {
  const char* name;
  std::string before;
  std::string after;
  const char* gone;
};

std::string applying(const std::string& top, const std::string& job, const std::string& command) {
  return "name: w\non: {push: {branches: [main]}}\n" + top + "jobs:\n  apply:\n    runs-on: ubuntu-latest\n" +
         job + "    steps:\n      - run: " + command + "\n";
}

class WorkflowEdits : public testing::TestWithParam<EditedWorkflow> {};

TEST_P(WorkflowEdits, KeepAllElseAndRidItOfTheHazard) {
  const EditedWorkflow& edited = GetParam();
  const FileTree tree{
      {".git/HEAD", ""}, {"main.tf", scenarios::kLockFileBlock}, {".github/workflows/w.yml", edited.before}};
  const CommandResult result = audit_in(tree, "--fix-unsafe .");
  EXPECT_EQ(file_text(tree.root() / ".github/workflows/w.yml"), edited.after) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("gone:"), HasSubstr(edited.gone)));
}

const std::string kApply = "terraform apply -auto-approve -lock-timeout=20m";
const std::string kPipedApply = kApply + " | tee log";  // which no edit hands an interrupt on to
const std::string kRecipe = R"(|
          terraform apply -auto-approve -lock-timeout=20m & p=$!
          once() { trap '' INT TERM; kill -INT "$p"; }
          trap once INT TERM
          rc=0; wait "$p" || rc=$?
          while kill -0 "$p" 2>/dev/null; do rc=0; wait "$p" || rc=$?; done
          exit "$rc"
      - name: let an interrupted terraform finish (up to 4 minutes)
        if: always()
        run: for i in $(seq 240); do pgrep -x terraform >/dev/null || exit 0; sleep 1; done
)";

INSTANTIATE_TEST_SUITE_P(
    Kinds, WorkflowEdits,
    testing::Values(
        EditedWorkflow{
            "KeyOfItsOwn",
            applying("concurrency: {group: 'tf-${{ github.sha }}', queue: max}  # once\n", "", kPipedApply),
            applying("concurrency: {group: 'tfstate', queue: max}  # once\n", "", kPipedApply), "LS-CI-P02"},
        EditedWorkflow{"OneInterruptHandedOn",
                       applying("concurrency: {group: prod, queue: max}\n", "    timeout-minutes: 30\n",
                                kApply + "\n      - run: ./notify # whom"),
                       applying("concurrency: {group: prod, queue: max}\n", "    timeout-minutes: 140\n",
                                kRecipe + "      - run: ./notify # whom"),
                       "LS-CI-P06"},
        EditedWorkflow{"UnlockStep",
                       applying("concurrency: {group: prod, queue: max}\n", "",
                                kApply + "\n      # whatever became of it\n      - name: unlock\n"
                                         "        if: always()\n"
                                         "        run: terraform force-unlock -force $(cat id)"),
                       applying("concurrency: {group: prod, queue: max}\n", "",
                                kApply + "\n      # whatever became of it"),
                       "LS-CI-P07"},
        EditedWorkflow{"QueueOfAScalar", applying("concurrency: prod\n", "", kApply),
                       applying("concurrency:\n  group: prod\n  queue: max\n", "", kApply), "LS-CI-P04"},
        EditedWorkflow{"QueueOfAMapping", applying("concurrency:\n  group: prod\n", "", kApply),
                       applying("concurrency:\n  queue: max\n  group: prod\n", "", kApply), "LS-CI-P04"},
        EditedWorkflow{
            "CancelInProgress",
            applying("concurrency: {group: prod, cancel-in-progress: true, queue: max}\n", "", kApply),
            applying("concurrency: {group: prod, cancel-in-progress: false, queue: max}\n", "", kApply),
            "LS-CI-P05"},
        EditedWorkflow{
            "LockSwitchedOff",
            applying("concurrency: {group: prod, queue: max}\n", "",
                     "terraform apply -lock=false -auto-approve"),
            applying("concurrency: {group: prod, queue: max}\n", "", "terraform apply -auto-approve"),
            "LS-CI-P13"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lockstorm::cli
