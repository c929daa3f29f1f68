// Loops over words, functions of the shell, and what other programs call: each run of the tool at its own
// state.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/pipeline/hazard_ids.hpp"
#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

class ScriptFlow : public testing::Test {
 protected:
  // "apply stacks/a:8, apply stacks/b:8": verbs, directories, lines.
  [[nodiscard]] std::string commands_of(const std::string& script) const {
    std::string text =
        "name: w\non: {push: {branches: [main]}}\njobs:\n  tf:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: |\n";
    std::string indented = "          " + script;
    for (std::size_t at = indented.find('\n'); at != std::string::npos; at = indented.find('\n', at + 1))
      indented.insert(at + 1, "          ");
    repository_.write(".github/workflows/w.yml", text + indented + "\n");
    const Pipeline pipeline = repository_.read();
    std::string found;
    for (const Command& command : pipeline.jobs.at(0).runs.at(0).commands) {
      found += (found.empty() ? "" : ", ") + std::string(verb_name(command.verb)) + " " +
               command.state.directory + ":" + std::to_string(command.where.line) +
               (command.retried ? " again" : "");
    }
    for (const std::string& what : pipeline.jobs.at(0).unknown) found += "; " + what;
    return found;
  }

  Repository repository_;
};

TEST_F(ScriptFlow, ALoopOverWordsIsEachOfThem) {
  EXPECT_EQ(
      commands_of("for stack in a b; do\n  (cd stacks/$stack && terraform init && terraform apply)\ndone\n"
                  "terraform plan"),
      "apply stacks/a:9, apply stacks/b:9, plan .:11");
  EXPECT_EQ(commands_of("for d in net/*; do terraform -chdir=$d apply; done"), "apply $d:8")
      << "what no file says";
}

TEST_F(ScriptFlow, ALoopThatOnlyCountsIsARepetition) {
  EXPECT_EQ(commands_of("for i in 1 2 3; do\n  terraform apply && break\n  sleep $i\ndone"),
            "apply .:9 again");
}

TEST_F(ScriptFlow, AFunctionIsReadWhereItIsCalled) {
  EXPECT_EQ(commands_of("deploy() {\n  terraform -chdir=\"stacks/$1\" apply\n}\ndeploy a\ndeploy b"),
            "apply stacks/a:9, apply stacks/b:9");
  EXPECT_EQ(commands_of("function deploy {\n  terraform -chdir=\"stacks/$1\" apply\n}\n\"$@\""),
            "apply stacks/$1:9")
      << "called in a way that is not seen";
}

TEST_F(ScriptFlow, AFunctionOfATrapIsAFallback) {
  const std::string script =
      "cleanup() { terraform force-unlock -force $ID; }\ntrap cleanup EXIT\nterraform apply";
  EXPECT_EQ(commands_of(script).find("force-unlock .:8"), 0U) << commands_of(script);
  const Pipeline pipeline = repository_.read();
  const auto& commands = pipeline.jobs.at(0).runs.at(0).commands;
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(commands[0].position, Position::fallback);
}

TEST_F(ScriptFlow, FunctionsOfASourcedFileCount) {
  repository_.write("ci/lib.sh", "tf() {\n  terraform -chdir=$1 apply\n}\n");
  EXPECT_EQ(commands_of(". ci/lib.sh\ntf net"), "apply net:2");
}

TEST_F(ScriptFlow, ScriptsOfPackagesAndTasksAreFollowed) {
  repository_.write("package.json",
                    "{\n  \"scripts\": {\n    \"infra:deploy\": \"cd infra && terraform apply\"\n  }\n}\n");
  repository_.write("Taskfile.yml",
                    "version: '3'\ntasks:\n  tf:apply:\n    dir: net\n    cmds:\n      - terraform apply\n"
                    "      - task: again\n  again:\n    cmds: [task: tf:apply]\n");
  EXPECT_EQ(commands_of("npm run infra:deploy"), "apply infra:3");
  EXPECT_EQ(commands_of("yarn infra:deploy"), "apply infra:3");
  EXPECT_EQ(commands_of("task tf:apply").substr(0, 11), "apply net:6") << "tasks that call each other end";
  EXPECT_EQ(commands_of("npm run tf:apply"),
            "; what `npm run tf:apply` runs is not in the repository's files");
}

TEST_F(ScriptFlow, AContainerWorksWhereItsVolumeIs) {
  EXPECT_EQ(commands_of("docker run --rm -v \"$PWD:/w\" -w /w/net hashicorp/terraform:1.9 apply"),
            "apply net:8");
  EXPECT_EQ(commands_of("docker run --rm hashicorp/terraform:1.9 apply"), "apply .:8");
}

TEST(OtherSystemsInTheWild, AfterScriptBeginsInTheProjectAgain) {
  const Repository repository;
  repository.write(".gitlab-ci.yml",
                   "apply:\n  before_script: [cd envs/prod]\n  script: [terraform apply]\n"
                   "  after_script:\n    - cd envs/prod && terraform force-unlock -force $ID\n");
  const Pipeline pipeline = repository.read();
  for (const Command& command : pipeline.jobs.at(0).runs.at(0).commands)
    EXPECT_EQ(command.state.directory, "envs/prod");
}

TEST(OtherSystemsInTheWild, ATemplateOfAzureIsReadWhereItIsCalled) {
  const Repository repository;
  repository.write("azure-pipelines.yml",
                   "trigger: {branches: {include: [main]}}\npr: none\nstages:\n"
                   "  - ${{ each env in split('dev,prod', ',') }}:\n"
                   "      - template: pipelines/stage.yml\n        parameters: {env: '${{ env }}'}\n");
  repository.write(
      "pipelines/stage.yml",
      "parameters:\n  - {name: env, type: string}\nstages:\n  - stage: deploy_${{ parameters.env }}\n"
      "    jobs:\n      - job: tf\n        steps:\n"
      "          - bash: terraform -chdir=envs/${{ parameters.env }} apply -auto-approve\n");
  std::set<std::string> directories;
  const Pipeline pipeline = repository.read();
  for (const Job& job : pipeline.jobs)
    for (const JobRun& run : job.runs)
      for (const Command& command : run.commands) directories.insert(command.state.directory);
  EXPECT_EQ(directories, (std::set<std::string>{"envs/dev", "envs/prod"}));
}

TEST(OtherSystemsInTheWild, TheDefaultWorkflowOfAtlantisIsThatOfTheFile) {
  const Repository repository;
  repository.write("atlantis.yaml",
                   "version: 3\nprojects:\n  - {dir: net}\nworkflows:\n  default:\n    apply:\n      steps:\n"
                   "        - run: terraform apply -lock=false $PLANFILE\n");
  EXPECT_EQ(ids_of(repository.read()), "P13");
}

TEST(OtherSystemsInTheWild, AServersFileOfAtlantisCountsBesideThatOfTheRepository) {
  const Repository repository;
  repository.write("atlantis.yaml", "version: 3\nprojects:\n  - {dir: net}\n");
  EXPECT_EQ(ids_of(repository.read()), "");
  repository.write("repos.yaml",
                   "repos:\n  - id: /.*/\nworkflows:\n  default:\n    apply:\n      steps:\n"
                   "        - run: terraform apply -lock=false $PLANFILE\n");
  EXPECT_EQ(ids_of(repository.read()), "P13");
  repository.write("repos.yaml", "repos: [a, b]\n");
  EXPECT_EQ(ids_of(repository.read()), "") << "of something else";
}

TEST(OtherSystemsInTheWild, TheActionOfDiggerMaySwitchItsLocksOff) {
  const std::string action =
      "name: d\non: {pull_request: {}}\njobs:\n  d:\n    runs-on: ubuntu-latest\n    steps:\n"
      "      - uses: diggerhq/digger@vLatest\n        with: {disable-locking: ";
  EXPECT_EQ(ids_of(action + "true}\n"), "P21");
  EXPECT_EQ(ids_of(action + "false}\n"), "");
}

TEST(OtherSystemsInTheWild, APlanOfACleanUpIsNoneThatANewerRunKills) {
  EXPECT_EQ(ids_of(read_pipeline_text(
                "pipeline {\n  agent any\n  options { disableConcurrentBuilds(abortPrevious: true) }\n"
                "  stages { stage('a') { steps { sh 'true' } } }\n"
                "  post { aborted { sh 'terraform plan' } }\n}\n",
                "Jenkinsfile")),
            "");
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
