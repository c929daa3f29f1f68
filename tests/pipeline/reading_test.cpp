// CI files that are broken, strange or spread over several files: told with their place, and never the end.
#include <gtest/gtest.h>

#include <filesystem>

#include "test_paths.hpp"
#include "tests/file_text.hpp"
#include "tests/pipeline/hazard_ids.hpp"
#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;

const std::string kHead = "name: x\non: {push: {branches: [main]}}\n";

TEST(PipelineReading, FollowsWorkflowsActionsScriptsAndMakefiles) {
  const Repository here;
  here.write(".github/workflows/caller.yml",
             kHead + "jobs:\n  call:\n    uses: ./.github/workflows/called.yml\n    with: {env: prod}\n");
  here.write(".github/workflows/called.yml",
             "name: called\non: {workflow_call: {inputs: {env: {type: string}}}}\nconcurrency: {group: "
             "\"tf-${{ inputs.env }}\", queue: max}\n"
             "jobs:\n  apply:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./actions/tf\n        "
             "with: {dir: \"envs/${{ inputs.env }}\"}\n");
  here.write("actions/tf/action.yml",
             "inputs: {dir: {required: true}}\nruns:\n  using: composite\n  steps:\n    - run: make apply "
             "DIR=${{ inputs.dir }}\n      shell: bash\n");
  here.write("Makefile",
             "apply: init\n\tbash scripts/apply.sh $(DIR)\n\ninit:\n\tterraform -chdir=$(DIR) init\n");
  here.write("scripts/apply.sh", "#!/bin/sh\ncd \"$1\"\nterraform apply -auto-approve -lock=false\n");
  const Pipeline pipeline = here.read();
  ASSERT_EQ(pipeline.jobs.size(), 1U);
  const Command& apply = pipeline.jobs[0].runs.at(0).commands.at(0);
  EXPECT_EQ(apply.state.directory, "envs/prod");
  EXPECT_TRUE(apply.where.file.ends_with("scripts/apply.sh"));
  EXPECT_EQ(apply.where.line, 3U);
  EXPECT_EQ(ids_of(pipeline), "P13");
}

TEST(PipelineReading, FindsAGroupThatWaitsForItself) {
  const Repository here;
  const std::string group = "concurrency: {group: tf, queue: max}\n";
  here.write(".github/workflows/a.yml", kHead + group + "jobs:\n  call: {uses: ./.github/workflows/b.yml}\n");
  here.write(
      ".github/workflows/b.yml",
      "on: workflow_call\n" + group +
          "jobs:\n  apply:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform apply -auto-approve}]\n");
  EXPECT_EQ(ids_of(here.read()), "P28");
  here.write(".github/workflows/b.yml",
             "on: workflow_call\njobs:\n  apply:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform "
             "apply -auto-approve}]\n");
  EXPECT_EQ(ids_of(here.read()), "");
}

TEST(PipelineReading, IncludesFilesOfGitlab) {
  const Repository here;
  here.write(".gitlab-ci.yml", "include: [{local: /ci/tf.yml}]\napply:\n  extends: .tf\n  timeout: 2h\n");
  here.write(
      "ci/tf.yml",
      ".tf:\n  script: [terraform apply -auto-approve -lock-timeout=5m]\n  resource_group: $CI_COMMIT_SHA\n");
  EXPECT_EQ(ids_of(here.read()), "P02");
}

TEST(PipelineReading, TellsABrokenFileAndAnswersForTheOthers) {
  const Repository here;
  here.write(".github/workflows/a.yml", "name: x\non: [push\njobs: {}\n");
  here.write(
      ".github/workflows/b.yml",
      kHead + "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform apply -lock=false}]\n");
  const Pipeline pipeline = here.read();
  ASSERT_EQ(pipeline.complaints.size(), 1U);
  EXPECT_GT(pipeline.complaints[0].where.line, 0U);
  EXPECT_EQ(ids_of(pipeline), "P01 P13");
}

TEST(PipelineReading, OpensNothingOutsideOfTheRepository) {
  const Repository here;
  here.write(".github/workflows/a.yml", kHead +
                                            "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - "
                                            "run: bash ../../../../etc/terraform.sh\n");
  const Pipeline pipeline = here.read();
  EXPECT_EQ(pipeline.jobs.at(0).unknown.size(), 1U);
}

TEST(PipelineReading, ShowsNoCredentials) {
  for (const char* command :
       {"terraform apply -var db_password=hunter2", "terraform apply -var=db=hunter2",
        "terraform apply -var 'x=hunter2'", "curl -X UNLOCK -u me:hunter2 http://x/lock",
        "curl -X UNLOCK http://me:hunter2@x/lock",
        "curl -X DELETE --header 'PRIVATE-TOKEN: hunter2' http://x/lock",
        "make deploy-tf DB_PASSWORD=hunter2", "az storage blob lease break --account-key hunter2",
        "terraform init -backend-config=access_key=hunter2 && terraform apply",
        "terraform init -backend-config=address=http://me:hunter2@x/ && terraform apply"}) {
    const Pipeline pipeline = read_pipeline_text(
        kHead + "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          " + command +
            "\n",
        "ci.yml");
    const Job& job = pipeline.jobs.at(0);
    std::string all;
    for (const Command& one : job.runs.at(0).commands) all += one.written + one.state.text();
    for (const std::string& what : job.unknown) all += what;
    EXPECT_NE(all, "") << command;
    EXPECT_EQ(all.find("hunter2"), std::string::npos) << all;
  }
}

TEST(PipelineReading, SurvivesAliasesOfAliases) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int n = 0; n < 9; ++n) bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_EQ(read_pipeline_text(bomb, "ci.yml").complaints.size(), 1U);
  EXPECT_EQ(read_pipeline_text("a: " + std::string(5000, '['), "ci.yml").complaints.size(), 1U);
  EXPECT_TRUE(
      read_pipeline_text(
          "jobs: {a: {extends: a, script: [x]}}\na: {extends: a, script: !reference [a, script]}\n", "c.yml")
          .complaints.empty());
}

TEST(PipelineReading, SurvivesWhateverIsCutOffOrRepeated) {
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(LOCKSTORM_TEST_DATA) / "pipelines")) {
    const std::string text = file_text(entry.path());
    for (std::size_t cut = 0; cut < text.size(); cut += 61) {
      const Pipeline less = read_pipeline_text(text.substr(0, cut), "ci.yml");
      EXPECT_LT(find_hazards(less).size(), 100U);
      std::string shuffled = text.substr(cut) + "\n" + text.substr(0, cut);
      EXPECT_LT(find_hazards(read_pipeline_text(shuffled, "ci.yml")).size(), 100U);
      shuffled[cut % shuffled.size()] = '{';
      EXPECT_LT(find_hazards(read_pipeline_text(shuffled, "Jenkinsfile")).size(), 100U);
    }
  }
}

TEST(PipelineReading, TheSafePipelinesOfTheManualAreQuiet) {
  const std::string page = file_text(fs::path(LOCKSTORM_SOURCE) / "docs" / "pipelines.md");
  unsigned examples = 0;
  for (std::size_t at = page.find("```yaml\n"); at != std::string::npos; at = page.find("```yaml\n", at)) {
    at += 8;
    const Pipeline pipeline = read_pipeline_text(page.substr(at, page.find("```", at) - at), "example.yml");
    EXPECT_EQ(pipeline.jobs.size(), 1U);
    EXPECT_EQ(ids_of(pipeline), "") << pipeline.jobs.at(0).where.line;
    ++examples;
  }
  EXPECT_EQ(examples, 3U);
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
