// Whole CI files as people write them: the hazards that each has, and no others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/hazard_ids.hpp"
#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kWorkflowFile = ".github/workflows/apply.yml";

// A workflow whose steps are started by a push.
std::string pushed(const std::string& steps, const std::string& job = "") {
  return "name: infra\non: {push: {branches: [main]}}\njobs:\n  apply:\n    runs-on: ubuntu-latest\n" + job +
         "    steps:\n      - uses: actions/checkout@v4\n" + steps;
}

// What each command works on, in order: "apply infra/prod".
std::vector<std::string> works_on(const Pipeline& pipeline, std::size_t job = 0) {
  std::vector<std::string> all;
  for (const Command& command : pipeline.jobs.at(job).runs.front().commands)
    all.push_back(std::string(verb_name(command.verb)) + " " + command.state.text());
  return all;
}

std::vector<std::string> works_on(const std::string& steps, const std::string& job = "") {
  return works_on(read_pipeline_text(pushed(steps, job), "ci.yml"));
}

TEST(WildScripts, SubshellsAndPushedDirectoriesEnd) {
  EXPECT_THAT(
      works_on("      - run: |\n"
               "          (cd stacks/a && terraform init && terraform apply -auto-approve)\n"
               "          (cd stacks/b; terraform apply -auto-approve)\n"
               "          pushd stacks/c > /dev/null\n"
               "          terraform apply -auto-approve\n"
               "          popd\n"
               "          cd stacks/d && terraform apply -auto-approve\n"
               "          cd - && terraform apply -auto-approve\n"),
      ElementsAre("apply stacks/a", "apply stacks/b", "apply stacks/c", "apply stacks/d", "apply the root"));
}

TEST(WildScripts, TheRepositoryHasManyNames) {
  for (const char* directory : {"$GITHUB_WORKSPACE/infra", "${{ github.workspace }}/infra", "$PWD/infra",
                                "\"$(pwd)/infra\"", "\"$(git rev-parse --show-toplevel)/infra\""})
    EXPECT_THAT(works_on(std::string("      - run: cd ") + directory + " && terraform apply -auto-approve\n"),
                ElementsAre("apply infra"))
        << directory;
}

TEST(WildScripts, AScriptKnowsWhereItStandsAndWhatItIsCalledWith) {
  const Repository here;
  here.write("scripts/tf.sh",
             "#!/usr/bin/env bash\n"
             "set -euo pipefail\n"
             "ROOT=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\" && pwd)\"\n"
             "env=$1; shift\n"
             "cd \"$ROOT/infra/$env\"\n"
             "terraform init -input=false\n"
             "terraform \"$@\"\n");
  here.write(kWorkflowFile,
             pushed("      - run: ./scripts/tf.sh prod apply -auto-approve -lock-timeout=5m\n"));
  const Pipeline pipeline = here.read();
  EXPECT_THAT(works_on(pipeline), ElementsAre("apply infra/prod"));
  EXPECT_EQ(ids_of(pipeline), "P01 P06");
  EXPECT_EQ(pipeline.jobs[0].runs[0].commands[0].lock_timeout, std::chrono::minutes(5));
  EXPECT_EQ(pipeline.jobs[0].runs[0].commands[0].where.line, 7U);
}

TEST(WildScripts, VariablesHoldToolsAndTheirArguments) {
  EXPECT_THAT(works_on("      - run: |\n"
                       "          TF=\"terraform -chdir=infra\"\n"
                       "          ARGS=(-auto-approve \"-lock-timeout=5m\")\n"
                       "          ARGS+=(-input=false)\n"
                       "          $TF apply \"${ARGS[@]}\"\n"),
              ElementsAre("apply infra"));
  EXPECT_EQ(ids_of(pushed("      - run: |\n"
                          "          ARGS=(-auto-approve -lock-timeout=5m)\n"
                          "          terraform apply \"${ARGS[@]}\"\n")),
            "P01 P06")
      << "it waits for the lock";
}

TEST(WildScripts, ProgramsInFrontOfTheToolAreNoneOfItsWords) {
  for (const char* before :
       {"tfcmt -var target:x apply --", "aws-vault exec prod --", "doppler run -p infra --", "nix develop -c",
        "nice -n 10", "time", "op run --env-file=.env --", "mise exec --", "direnv exec ."})
    EXPECT_THAT(works_on(std::string("      - run: ") + before + " terraform apply -auto-approve\n"),
                ElementsAre("apply the root"))
        << before;
  EXPECT_THAT(
      works_on("      - run: ls stacks | xargs -I{} terraform -chdir=stacks/{} apply -auto-approve\n"),
      ElementsAre("apply stacks/{}"));
  EXPECT_THAT(works_on("      - run: eval \"terraform apply -auto-approve\"\n"),
              ElementsAre("apply the root"));
  EXPECT_THAT(works_on("      - run: aws-vault exec p -- bash -c 'cd a && terraform apply -auto-approve'\n"),
              ElementsAre("apply a"));
}

TEST(WildScripts, WhatOnlyMentionsTheToolRunsNothing) {
  for (const char* line : {"echo terraform apply", "grep -r 'terraform apply' docs", "which terraform",
                           "brew install terraform apply", "git commit -m 'terraform apply'",
                           "gh pr comment -b \"terraform apply is done\"", "mv terraform apply.old",
                           "printf '%s' terraform apply"})
    EXPECT_THAT(works_on(std::string("      - run: ") + line + "\n"), ElementsAre()) << line;
}

TEST(WildScripts, StacksOfOtherToolsAreStates) {
  EXPECT_THAT(works_on("      - run: atmos terraform deploy vpc -s plat-prod\n"),
              ElementsAre("apply components/terraform/vpc workspace plat-prod"));
  const Pipeline pipeline = read_pipeline_text(
      pushed("      - run: terramate run --changed -- terraform apply -auto-approve\n"), "ci.yml");
  ASSERT_EQ(pipeline.jobs[0].runs[0].commands.size(), 1U);
  EXPECT_TRUE(pipeline.jobs[0].runs[0].commands[0].state.is_many);
}

TEST(WildScripts, ARunOfAnImageIsARunOfItsTool) {
  EXPECT_THAT(works_on("      - uses: docker://hashicorp/terraform:1.9\n"
                       "        with: {args: -chdir=prod apply -auto-approve}\n"),
              ElementsAre("apply prod"));
  EXPECT_THAT(
      works_on("      - run: docker run --rm --entrypoint terraform acme/tools:3 apply -auto-approve\n"),
      ElementsAre("apply the root"));
  EXPECT_THAT(
      works_on("      - run: docker run --rm acme/tools sh -c 'cd prod && terraform apply -auto-approve'\n"),
      ElementsAre("apply prod"));
}

TEST(WildScripts, AnApplyBehindItselfIsTriedAgain) {
  const std::string apply = "terraform apply -auto-approve -lock-timeout=5m";
  EXPECT_EQ(ids_of(pushed("      - run: " + apply + " || " + apply + "\n")), "P01 P06 P18");
  EXPECT_EQ(ids_of(pushed("      - run: terraform plan -lock-timeout=5m || " + apply + "\n")), "P01 P06");
  EXPECT_EQ(
      ids_of(pushed("      - uses: Wandalen/wretry.action@v3\n        with: {attempt_limit: 3, command: " +
                    apply + "}\n")),
      "P01 P06 P18");
}

TEST(WildMakefiles, EachLineHasItsOwnDirectory) {
  const Repository here;
  here.write("Makefile",
             "include common.mk\n"
             ".PHONY: deploy\n"
             "deploy: deploy-net deploy-app\n"
             "\n"
             "deploy-%:\n"
             "\tcd infra/$* && $(TF) init\n"
             "\n"
             "# the state of $*\n"
             "\tcd infra/$* && \\\n"
             "\t  $(TF) apply $(ARGS) -auto-approve\n");
  here.write("common.mk", "TF := terraform\nARGS ?= -input=false\nENV = dev\n");
  here.write(kWorkflowFile, pushed("      - run: make deploy\n"));
  const Pipeline pipeline = here.read();
  EXPECT_THAT(works_on(pipeline), ElementsAre("apply infra/net", "apply infra/app"));
  EXPECT_EQ(pipeline.jobs[0].runs[0].commands[0].where.line, 9U);
  EXPECT_EQ(ids_of(pipeline), "P01 P06 P11");
}

TEST(WildMakefiles, WhatTheCallerSaysOutranksTheFile) {
  const Repository here;
  here.write("Makefile",
             "ENV := dev\n"
             "apply-staging: ENV = staging\n"
             "apply apply-staging:\n"
             "\t@echo $$HOME\n"
             "\tterraform -chdir=envs/$(ENV) apply -auto-approve\n"
             "all:\n"
             "\t$(MAKE) -C . apply ENV=$(ENV)\n");
  const auto with = [&](const std::string& run) {
    here.write(kWorkflowFile, pushed("      - run: " + run + "\n"));
    return works_on(here.read());
  };
  EXPECT_THAT(with("make apply"), ElementsAre("apply envs/dev"));
  EXPECT_THAT(with("make apply ENV=prod"), ElementsAre("apply envs/prod"));
  EXPECT_THAT(with("make apply-staging"), ElementsAre("apply envs/staging"));
  EXPECT_THAT(with("make all ENV=prod"), ElementsAre("apply envs/prod"));
}

TEST(WildGithub, VariablesForLaterStepsTellStatesApart) {
  const Repository here;
  const auto file = [](const std::string& name) {
    return "name: " + name + "\non: {push: {branches: [" + name + "]}}\nconcurrency: {group: " + name +
           ", queue: max}\njobs:\n  apply:\n    runs-on: ubuntu-latest\n    steps:\n"
           "      - run: echo \"TF_WORKSPACE=" +
           name + "\" >> \"$GITHUB_ENV\"\n      - run: terraform apply -auto-approve -lock-timeout=5m\n";
  };
  here.write(".github/workflows/a.yml", file("dev"));
  here.write(".github/workflows/b.yml", file("main"));
  const Pipeline pipeline = here.read();
  EXPECT_THAT(works_on(pipeline), ElementsAre("apply the root workspace dev"));
  EXPECT_EQ(ids_of(pipeline), "");
}

TEST(WildGithub, DefaultsOfTheWorkflowAreNotForActions) {
  const Repository here;
  here.write(".github/actions/tf/action.yml",
             "runs:\n  using: composite\n  steps:\n    - run: terraform -chdir=infra apply -auto-approve\n   "
             "   shell: "
             "bash\n");
  here.write(kWorkflowFile, pushed("      - uses: ./.github/actions/tf\n      - run: terraform plan\n",
                                   "    defaults: {run: {working-directory: app}}\n"));
  EXPECT_THAT(works_on(here.read()), ElementsAre("apply infra", "plan app"));
}

TEST(WildGithub, LegsOfTheCallerAreLegsOfWhatItCalls) {
  const Repository here;
  here.write(
      kWorkflowFile,
      "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    strategy:\n      matrix: {env: [dev, prod]}\n"
      "    uses: ./.github/workflows/tf.yml\n    with: {dir: \"envs/${{ matrix.env }}\"}\n");
  here.write(".github/workflows/tf.yml",
             "on: {workflow_call: {inputs: {dir: {type: string}}}}\njobs:\n"
             "  apply:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n"
             "    concurrency: {group: \"tf-${{ inputs.dir }}\", queue: max}\n    steps:\n"
             "      - run: terraform -chdir=${{ inputs.dir }} apply -auto-approve -lock-timeout=5m\n"
             "  tell:\n    needs: apply\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./notify\n");
  EXPECT_EQ(ids_of(here.read()), "P06 P10 P14") << "the limit is that of the job that applies";
}

TEST(WildJenkins, VariablesFunctionsAndClausesOfTry) {
  const Pipeline pipeline = read_pipeline_text(
      "def tf(String dir, String words) {\n"
      "  sh \"terraform -chdir=${dir} ${words}\"\n"
      "}\n"
      "pipeline {\n"
      "  agent any\n"
      "  options { disableConcurrentBuilds() }\n"
      "  environment { TF_DIR = 'live/prod' }\n"
      "  stages {\n"
      "    stage('apply') {\n"
      "      when { branch 'main' }\n"
      "      steps {\n"
      "        dir(\"${env.TF_DIR}\") {\n"
      "          sh 'terraform apply -auto-approve -lock-timeout=5m'\n"
      "        }\n"
      "        dir(env.TF_DIR) { sh 'terraform plan -lock=false' }\n"
      "        script {\n"
      "          try {\n"
      "            tf('live/net', 'apply -auto-approve -lock-timeout=5m')\n"
      "          } catch (e) {\n"
      "            tf('live/net', 'force-unlock -force 1')\n"
      "          }\n"
      "        }\n"
      "        acmeTerraform(env: 'prod')\n"
      "      }\n"
      "    }\n"
      "  }\n"
      "}\n",
      "Jenkinsfile");
  EXPECT_THAT(works_on(pipeline),
              ElementsAre("apply live/prod", "plan live/prod", "apply live/net", "force-unlock live/net"));
  EXPECT_EQ(pipeline.jobs[0].runs[0].commands.back().position, Position::cleanup);
  EXPECT_THAT(pipeline.jobs[0].unknown, ElementsAre(HasSubstr("acmeTerraform")));
  EXPECT_EQ(ids_of(pipeline), "P07");
}

TEST(WildGitlab, DirectoriesFromTheProjectOnAreTheRepositorys) {
  const Pipeline pipeline = read_pipeline_text(
      ".tf:\n  variables: {TF_ROOT: \"${CI_PROJECT_DIR}/infra/prod\"}\n  before_script:\n    - cd "
      "${TF_ROOT}\n"
      "    - terraform init\napply:\n  extends: .tf\n  resource_group: prod\n  timeout: 3h\n  rules: [{if: "
      "'$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'}]\n  script: [terraform apply -auto-approve "
      "-lock-timeout=5m]\n",
      ".gitlab-ci.yml");
  EXPECT_THAT(works_on(pipeline), ElementsAre("apply infra/prod"));
  EXPECT_EQ(ids_of(pipeline), "");
}

TEST(WildAzure, StagesOfATemplateAreToldByTheirNames) {
  const Repository here;
  here.write(
      "azure-pipelines.yml",
      "name: infra-$(Build.BuildId)\ntrigger: [main]\npr: none\nparameters:\n  - {name: envs, type: object, "
      "default: [dev, prod]}\nstages:\n  - ${{ each env in parameters.envs }}:\n      - template: "
      "stage.yml\n        parameters: {env: '${{ env }}'}\n");
  here.write(
      "stage.yml",
      "parameters: [{name: env, type: string}]\nstages:\n  - stage: deploy_${{ parameters.env }}\n    "
      "lockBehavior: sequential\n    variables: {PROCESS_SIGINT_TIMEOUT: '240000'}\n    jobs:\n      - job: "
      "apply\n        timeoutInMinutes: 180\n        steps:\n          - script: terraform -chdir=${{ "
      "parameters.env }} apply -auto-approve -lock-timeout=5m\n");
  const Pipeline pipeline = here.read();
  ASSERT_EQ(pipeline.jobs.size(), 2U);
  EXPECT_EQ(pipeline.jobs[0].name, "deploy_dev/apply");
  EXPECT_EQ(pipeline.jobs[1].name, "deploy_prod/apply");
  EXPECT_THAT(pipeline.jobs[0].workflow, HasSubstr("azure-pipelines.yml"));
  EXPECT_EQ(ids_of(pipeline), "");
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
