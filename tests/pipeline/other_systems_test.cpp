// Hazards in the files of GitLab, Azure, Jenkins and Atlantis: there, and repaired.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/pipeline/hazard_ids.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

bool reports(const std::string& text, const std::string& id) {
  return ids_of(text).find(id) != std::string::npos;
}

std::string jenkins(const std::string& text, Standing standing = Standing::reported) {
  return ids_of(read_pipeline_text(text, "Jenkinsfile"), standing);
}

// A job that applies on the default branch.
std::string gitlab(const std::string& lines,
                   const std::string& script = "terraform apply -auto-approve -lock-timeout=10m") {
  return "apply:\n" + lines +
         "  rules: [{if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'}]\n  script:\n    - terraform init\n    "
         "- " +
         script + "\n";
}

const std::string kSafe = "  resource_group: tfstate\n  timeout: 3h\n";

TEST(GitlabHazards, ASafeJobIsQuiet) {
  EXPECT_EQ(ids_of(gitlab(kSafe)), "");
  EXPECT_EQ(ids_of(gitlab(kSafe), Standing::residual), "P19") << "the order is set by the API";
  EXPECT_EQ(ids_of(gitlab(kSafe) + "# process_mode: oldest_first\n", Standing::residual), "");
}

TEST(GitlabHazards, GroupsAndTheirKeys) {
  EXPECT_EQ(ids_of(gitlab("  timeout: 3h\n")), "P01");
  EXPECT_EQ(ids_of(gitlab("  resource_group: tf-$CI_PIPELINE_ID\n  timeout: 3h\n")), "P02");
  EXPECT_EQ(ids_of(gitlab("  resource_group: tf-$CI_COMMIT_SHA\n  timeout: 3h\n")), "P02");
  EXPECT_EQ(ids_of("apply:\n  timeout: 3h\n  resource_group: tf-$CI_COMMIT_REF_SLUG\n  script: [terraform "
                   "apply -auto-approve -lock-timeout=9m]\n"),
            "P03");
}

TEST(GitlabHazards, CancelsAndLimits) {
  EXPECT_EQ(ids_of(gitlab("  resource_group: tfstate\n")), "P10") << "one hour is the default";
  EXPECT_EQ(ids_of(gitlab("  resource_group: tfstate\n  timeout: 3 hours 30 minutes\n")), "");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  interruptible: true\n")), "P05");
  EXPECT_EQ(ids_of("default: {interruptible: true}\n" + gitlab(kSafe)), "P05");
  EXPECT_EQ(ids_of("default: {interruptible: true}\n" + gitlab(kSafe + "  interruptible: false\n")), "");
  EXPECT_EQ(ids_of("default: {interruptible: true}\nworkflow: {auto_cancel: {on_new_commit: none}}\n" +
                   gitlab(kSafe)),
            "");
  EXPECT_EQ(ids_of("plan:\n  interruptible: true\n  rules: [{if: $CI_MERGE_REQUEST_IID}]\n  script: "
                   "[terraform plan]\n"),
            "P20");
  EXPECT_EQ(ids_of("plan:\n  interruptible: true\n  rules: [{if: $CI_MERGE_REQUEST_IID}]\n  script: "
                   "[terraform plan -lock=false]\n"),
            "");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  retry: 2\n")), "P18");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  retry: {max: 2, when: [runner_system_failure]}\n")), "P18");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  retry: {max: 2, exit_codes: [42]}\n")), "");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  retry: 0\n")), "");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  tags: [aws-spot]\n")), "P09");
}

TEST(GitlabHazards, UnlocksAndPlans) {
  EXPECT_EQ(ids_of(gitlab(kSafe + "  after_script: [terraform force-unlock -force $ID]\n")), "P07");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  before_script: ['curl -X DELETE $ADDRESS/lock']\n")), "P08");
  const std::string plan =
      "plan:\n  rules: [{if: $CI_MERGE_REQUEST_IID}]\n  script: [terraform init, terraform plan";
  EXPECT_EQ(ids_of(gitlab(kSafe) + plan + "]\n"), "P17");
  EXPECT_EQ(ids_of(gitlab(kSafe) + plan + " -lock=false]\n"), "");
  EXPECT_EQ(ids_of(gitlab(kSafe, "gitlab-terraform apply")), "P12");
  EXPECT_EQ(ids_of(gitlab(kSafe, "terraform apply -auto-approve -lock=false")), "P13");
  EXPECT_EQ(ids_of(gitlab(kSafe + "  parallel: {matrix: [{ENV: [a, b]}]}\n",
                          "terraform -chdir=$ENV apply -lock-timeout=5m")),
            "");
  EXPECT_TRUE(reports(gitlab("  timeout: 3h\n  parallel: {matrix: [{ENV: [a, b]}]}\n"), "P15"));
}

TEST(GitlabHazards, WhatIsExtendedAndReferredToCounts) {
  EXPECT_EQ(ids_of(".tf:\n  resource_group: tfstate\n  timeout: 3h\n  before_script: [cd infra]\n" +
                   gitlab("  extends: .tf\n")),
            "");
  EXPECT_EQ(
      ids_of(".a:\n  script: [terraform apply -auto-approve -lock=false]\napply:\n  resource_group: t\n  "
             "timeout: 3h\n"
             "  rules: [{if: '$CI_COMMIT_BRANCH == \"main\"'}]\n  script:\n    - !reference [.a, script]\n"),
      "P13");
  EXPECT_EQ(ids_of(".a: &a {resource_group: t, timeout: 3h}\napply:\n  <<: *a\n  script: [terraform apply "
                   "-lock-timeout=5m -auto-approve]\n"),
            "");
}

std::string azure(const std::string& stage, const std::string& job, const std::string& head = "pr: none\n") {
  return "trigger: [main]\n" + head + "stages:\n  - stage: apply\n" + stage +
         "    jobs:\n      - deployment: tf\n        environment: prod\n" + job +
         "        strategy:\n          runOnce:\n            deploy:\n              steps:\n"
         "                - script: terraform init && terraform apply -auto-approve -lock-timeout=10m\n";
}

const std::string kLong = "        timeoutInMinutes: 180\n";
const std::string kPatient = "pr: none\nvariables: {PROCESS_SIGINT_TIMEOUT: '240000'}\n";

TEST(AzureHazards, StagesThatKeepRunsApart) {
  EXPECT_EQ(ids_of(azure("    lockBehavior: sequential\n", kLong, kPatient)), "");
  EXPECT_EQ(ids_of(azure("    lockBehavior: runLatest\n", kLong, kPatient)), "P04")
      << "older ones that wait are cancelled";
  EXPECT_EQ(ids_of(azure("", kLong, kPatient)), "P04 P19");
  EXPECT_EQ(ids_of(azure("", kLong, kPatient + "lockBehavior: sequential\n")), "P19");
  EXPECT_EQ(ids_of(azure("    lockBehavior: sequential\n", "", kPatient)), "P10")
      << "60 minutes are the default";
  EXPECT_EQ(ids_of(azure("    lockBehavior: sequential\n", "        timeoutInMinutes: 0\n", kPatient)), "");
}

TEST(AzureHazards, CancelsOfPullRequests) {
  const std::string stage = "    lockBehavior: sequential\n";
  EXPECT_TRUE(reports(azure(stage, kLong, ""), "P20")) << "validated without being asked";
  EXPECT_FALSE(reports(azure(stage, kLong, "pr: {autoCancel: false, branches: {include: [main]}}\n"), "P20"));
  EXPECT_FALSE(
      reports(azure(stage + "    condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))\n",
                    kLong, ""),
              "P20"));
  EXPECT_FALSE(reports(
      azure(stage + "    condition: eq(variables['Build.SourceBranch'], 'refs/heads/main')\n", kLong, ""),
      "P20"));
}

TEST(AzureHazards, JobsWithoutAnEnvironment) {
  EXPECT_EQ(ids_of("trigger: [main]\npr: none\npool: {vmImage: ubuntu-latest}\nvariables: "
                   "{PROCESS_SIGINT_TIMEOUT: '240000'}\n"
                   "jobs:\n  - job: apply\n    timeoutInMinutes: 120\n    steps:\n      - bash: terraform "
                   "apply -auto-approve -lock-timeout=5m\n"),
            "P01");
  EXPECT_TRUE(reports(
      "trigger: [main]\npr: none\npool: own-machines\nsteps:\n  - bash: terraform apply -auto-approve\n",
      "P09"));
  EXPECT_TRUE(reports(
      "trigger: [main]\npr: none\nsteps:\n  - task: TerraformTaskV4@4\n    inputs: {command: apply}\n",
      "P06"));
  EXPECT_TRUE(
      reports("trigger: [main]\npr: none\nsteps:\n  - bash: terraform apply -auto-approve\n  - bash: "
              "terraform force-unlock -force $ID\n"
              "    condition: always()\n",
              "P07"));
  EXPECT_TRUE(
      reports("trigger: [main]\npr: none\nsteps:\n  - bash: terraform apply -auto-approve\n    "
              "retryCountOnTaskFailure: 3\n",
              "P18"));
}

std::string declarative(const std::string& options, const std::string& step, const std::string& post = {}) {
  return "pipeline {\n  agent any\n" + options +
         "  stages {\n    stage('apply') {\n      when { branch 'main' }\n      steps {\n        " + step +
         "\n      }\n    }\n  }\n" + post + "}\n";
}

const std::string kSh = "sh 'terraform init && terraform apply -auto-approve -lock-timeout=10m'";

TEST(JenkinsHazards, WhatKeepsBuildsApart) {
  EXPECT_EQ(jenkins(declarative("", kSh)), "P01");
  EXPECT_EQ(jenkins(declarative("  options { disableConcurrentBuilds() }\n", kSh)), "");
  EXPECT_EQ(jenkins(declarative("", "lock('tfstate') { " + kSh + " }")), "");
  EXPECT_EQ(jenkins(declarative("  options { lock(resource: 'tfstate') }\n", kSh)), "");
  EXPECT_EQ(jenkins(declarative("", "lock(resource: \"tf-${env.BUILD_NUMBER}\") { " + kSh + " }")), "P02");
  EXPECT_EQ(jenkins(declarative("", "lock(label: 'pool', quantity: 1) { " + kSh + " }")), "P01")
      << "a pool is no mutex";
  std::string everywhere = declarative("  options { disableConcurrentBuilds() }\n", kSh);
  everywhere.replace(everywhere.find("when { branch 'main' }"), 22, "");
  EXPECT_EQ(jenkins(everywhere), "P03") << "each branch is a job of its own";
}

TEST(JenkinsHazards, CutsRetriesAndUnlocks) {
  const std::string options = "  options { disableConcurrentBuilds() }\n";
  EXPECT_EQ(jenkins(declarative("  options { disableConcurrentBuilds(abortPrevious: true) }\n", kSh)),
            "P05 P26");
  EXPECT_EQ(jenkins(declarative(
                "  options { disableConcurrentBuilds(); timeout(time: 30, unit: 'MINUTES') }\n", kSh)),
            "P10 P26");
  EXPECT_EQ(
      jenkins(declarative("  options { disableConcurrentBuilds(); timeout(time: 3, unit: 'HOURS') }\n", kSh)),
      "");
  EXPECT_EQ(jenkins(declarative(options, "retry(3) { " + kSh + " }")), "P18");
  EXPECT_EQ(
      jenkins(declarative(options, kSh, "  post { always { sh 'terraform force-unlock -force $ID' } }\n")),
      "P07");
  EXPECT_EQ(jenkins(declarative(options, "withAWS(role: 'r', duration: 900) { " + kSh + " }")), "P23");
  EXPECT_EQ(jenkins("pipeline {\n  agent { label 'spot' }\n  options { disableConcurrentBuilds() }\n  stages "
                    "{ stage('a') {\n"
                    "    when { branch 'main' }\n    steps { " +
                    kSh + " } } }\n}\n"),
            "P09");
}

// Two branches of a `parallel`, after a stage that plans.
std::string parallel_stages(const std::string& more, const std::string& one, const std::string& other) {
  return "pipeline {\n  agent any\n  options { disableConcurrentBuilds() }\n  stages {\n    stage('plan') { "
         "when { branch 'main' }\n steps { sh 'terraform -chdir=a plan -lock=false' } }\n    stage('apply') "
         "{\n      when { branch 'main' }\n" +
         more + "      parallel {\n        stage('one') { steps { " + one +
         " } }\n        stage('other') { steps { " + other + " } }\n      }\n    }\n  }\n}\n";
}

TEST(JenkinsHazards, StagesInParallelAreUnderWayAtOnce) {
  const std::string a = "sh 'terraform -chdir=a apply -auto-approve -lock-timeout=10m'";
  const std::string b = "sh 'terraform -chdir=b apply -auto-approve -lock-timeout=10m'";
  EXPECT_EQ(jenkins(parallel_stages("", a, a)), "P15");
  EXPECT_EQ(jenkins(parallel_stages("", a, b)), "");
  EXPECT_EQ(jenkins(parallel_stages("", "lock('tf') { " + a + " }", "lock('tf') { " + a + " }")), "")
      << "a lock that each takes for itself";
  EXPECT_EQ(jenkins(parallel_stages("      failFast true\n", a, b)), "P14");
  EXPECT_EQ(jenkins(declarative("  options { disableConcurrentBuilds() }\n", a + "\n" + a)), "")
      << "one after the other";
  const Pipeline pipeline = read_pipeline_text(parallel_stages("", a, b), "Jenkinsfile");
  std::string legs;
  for (const JobRun& run : pipeline.jobs.at(0).runs)
    if (run.when == "build of main")
      for (const Command& command : run.commands)
        legs += "[" + run.leg + "] " + std::string(verb_name(command.verb)) + " " + command.state.directory +
                "; ";
  EXPECT_EQ(legs, "[] plan a; [one] apply a; [other] apply b; ");
}

TEST(JenkinsHazards, BranchesOfScriptedPipelinesAreUnderWayAtOnce) {
  const auto scripted = [](const std::string& branches) {
    return jenkins("properties([disableConcurrentBuilds()])\nnode {\n  lock('tf') {\n    parallel " +
                   branches + "\n  }\n}\n");
  };
  const std::string a = "{ sh 'terraform -chdir=a apply -auto-approve -lock-timeout=10m' }";
  const std::string b = "{ sh 'terraform -chdir=b apply -auto-approve -lock-timeout=10m' }";
  for (const auto& [begin, between, end] :
       {std::tuple("one: ", ", other: ", ""), std::tuple("'one': ", ",\n      'other': ", ""),
        std::tuple("(one: ", ",\n other: ", ")")}) {
    EXPECT_EQ(scripted(begin + a + between + a + end), "P15") << begin;
    EXPECT_EQ(scripted(begin + a + between + b + end), "") << begin;
  }
  EXPECT_EQ(scripted("one: " + a + ", other: " + b + ", failFast: true"), "P14");
}

TEST(JenkinsHazards, BrokenFilesAreToldWithTheirPlace) {
  const Pipeline pipeline = read_pipeline_text("pipeline {\n  stages {\n    stage('x') {\n", "Jenkinsfile");
  ASSERT_EQ(pipeline.complaints.size(), 1U);
  EXPECT_EQ(pipeline.complaints.front().where.line, 3U);
}

TEST(AtlantisHazards, LocksAndProjects) {
  const auto projects = [](const std::string& head, const std::string& more) {
    return "version: 3\n" + head + "projects:\n  - {name: a, dir: a" + more + "}\n  - {name: b, dir: b" +
           more + "}\n";
  };
  EXPECT_EQ(ids_of(projects("parallel_apply: true\n", "")), "");
  EXPECT_EQ(ids_of(projects("", ", repo_locks: {mode: disabled}")), "P21 P22");
  EXPECT_EQ(ids_of(projects("", ", repo_locks: {mode: on_apply}")), "");
  EXPECT_EQ(ids_of(projects("", ", repo_locking: false")), "P21 P22");
  const auto one_state = [](const std::string& head, const std::string& more) {
    return "version: 3\n" + head + "projects:\n  - {name: a, dir: x}\n  - {name: b, dir: x" + more + "}\n";
  };
  EXPECT_EQ(ids_of(one_state("parallel_apply: true\n", "")), "P15");
  EXPECT_EQ(ids_of(one_state("", "")), "");
  EXPECT_EQ(ids_of(one_state("parallel_apply: true\n", ", execution_order_group: 2")), "");
  EXPECT_EQ(ids_of(one_state("parallel_apply: true\n", ", workspace: blue")), "");
  EXPECT_EQ(ids_of(projects("", ", workflow: w") +
                   "workflows: {w: {plan: {steps: [init, {plan: {extra_args: [\"-lock\", \"false\"]}}]}}}\n"),
            "P13");
}

TEST(DiggerHazards, LocksAndWhatIsAppliedWhenMerged) {
  const auto digger = [](const std::string& head, const std::string& workflows) {
    return ids_of(read_pipeline_text(
        head + "projects:\n  - {name: a, dir: a}\n  - {name: b, dir: b, workspace: w}\n" + workflows,
        "digger.yml"));
  };
  EXPECT_EQ(digger("", ""), "");
  EXPECT_EQ(digger("pr_locks: false\n", ""), "P21 P22");
  EXPECT_EQ(
      digger("", "workflows: {default: {workflow_configuration: {on_commit_to_default: [digger unlock]}}}\n"),
      "");
  EXPECT_THAT(
      digger("", "workflows: {default: {workflow_configuration: {on_commit_to_default: [digger apply]}}}\n"),
      testing::HasSubstr("P01"));
}

TEST(DiggerHazards, StepsAndTools) {
  const Pipeline pipeline = read_pipeline_text(
      "projects: [{name: a, dir: a, opentofu: true, workflow: w}]\nworkflows:\n  w:\n    apply:\n      "
      "steps:\n"
      "        - init\n        - run: tofu -chdir=other force-unlock -force 1\n        - apply: {extra_args: "
      "[\"-lock=false\"]}\n",
      "digger.yml");
  ASSERT_EQ(pipeline.jobs.size(), 1U);
  const std::vector<Command>& commands = pipeline.jobs.front().runs.front().commands;
  ASSERT_EQ(commands.size(), 3U);
  EXPECT_EQ(commands[0].verb, Verb::plan);
  EXPECT_EQ(commands[1].verb, Verb::force_unlock);
  EXPECT_TRUE(commands[2].lock_off.has_value());
}

TEST(TerrateamHazards, LockPolicies) {
  const auto terrateam = [](const std::string& policy) {
    return ids_of(
        read_pipeline_text("dirs: {a: {}, b: {workspaces: {blue: {}, green: {}}}}\nworkflows:\n  - "
                           "tag_query: ''\n    lock_policy: " +
                               policy + "\n",
                           ".terrateam/config.yml"));
  };
  for (const char* const policy : {"strict", "apply", "merge"}) EXPECT_EQ(terrateam(policy), "") << policy;
  EXPECT_EQ(terrateam("none"), "P21 P22");
}

TEST(SpaceliftHazards, TwoStacksOfOneDirectoryExcludeNothing) {
  const auto stacks = [](const std::string& root) {
    return read_pipeline_text(
        "version: 1\nstack_defaults: {before_apply: ['echo']}\nstacks:\n  one: {project_root: a}\n  two: "
        "{project_root: " +
            root + "}\n",
        ".spacelift/config.yml");
  };
  EXPECT_EQ(ids_of(stacks("b")), "");
  EXPECT_THAT(ids_of(stacks("a")), testing::HasSubstr("P17"));
  EXPECT_EQ(stacks("b").jobs.size(), 2U);
}

TEST(TwoSystems, ThatApplyOneDirectoryAreTold) {
  const std::string atlantis = "version: 3\nprojects: [{dir: infra}]\n";
  const std::string workflow =
      "name: x\non: {push: {branches: [main]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    concurrency: "
      "{group: t, queue: max}\n"
      "    steps: [{run: terraform -chdir=infra apply -auto-approve -lock-timeout=5m}]\n";
  Pipeline both = read_pipeline_text(workflow, "ci.yml");
  Pipeline other = read_pipeline_text(atlantis, "atlantis.yaml");
  for (Job& job : other.jobs) both.jobs.push_back(std::move(job));
  EXPECT_EQ(ids_of(both), "P22");
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
