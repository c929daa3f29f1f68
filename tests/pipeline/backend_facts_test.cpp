// What a state's own lock makes of the hazards: damage where there is none, a job refused where there is.
#include "scenarios/pipeline/backend_facts.hpp"

#include <gtest/gtest.h>

#include "reports/pipeline/pipeline_report.hpp"
#include "tests/pipeline/hazard_ids.hpp"
#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

const std::string kPushedTo = "name: x\non: {push: {branches: [main]}}\n";
const std::string kSafeGroup = "concurrency: {group: tf, queue: max}\n";

std::string job_of(const std::string& script) {
  std::string text = "jobs:\n  apply:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n";
  text += "          " + script + "\n";
  return text;
}
const std::string kApplyInfra =
    "terraform -chdir=infra init; terraform -chdir=infra apply -auto-approve -lock-timeout=5m";

std::string backend_block(const std::string& type, const std::string& arguments) {
  return "terraform {\n  backend \"" + type + "\" {\n" + arguments + "  }\n}\n";
}
std::string s3_block(const std::string& more) {
  return backend_block("s3", "    bucket = \"b\"\n    key = \"k\"\n    region = \"eu-central-1\"\n" + more);
}

/// A repository whose pipeline works on the configuration in `infra`.
struct Checkout {
  explicit Checkout(const std::string& configuration,
                    const std::string& workflow = kPushedTo + job_of(kApplyInfra)) {
    files.write(".github/workflows/tf.yml", workflow);
    if (!configuration.empty()) files.write("infra/main.tf", configuration);
  }
  [[nodiscard]] std::vector<Hazard> hazards() const {
    const Pipeline pipeline = files.read();
    return find_hazards(pipeline, facts_from_configurations(pipeline.root));
  }
  [[nodiscard]] Hazard hazard(unsigned number) const {
    for (const Hazard& one : hazards())
      if (one.number == number) return one;
    ADD_FAILURE() << "there is no P" << number;
    return {};
  }
  [[nodiscard]] std::string ids() const {
    const Pipeline pipeline = files.read();
    return ids_of(pipeline, Standing::reported, facts_from_configurations(pipeline.root));
  }
  [[nodiscard]] StateFacts facts(const std::string& directory = "infra",
                                 std::vector<std::string> init_arguments = {}) const {
    StatePlace place;
    place.directory = directory;
    place.init_arguments = std::move(init_arguments);
    return facts_from_configurations(files.read().root)(place);
  }
  Repository files;
};

TEST(PipelineBackends, TwoWritersAreDamageWithoutALock) {
  for (const std::string& unlocked :
       {s3_block(""), backend_block("http", "    address = \"http://h/s\"\n"),
        backend_block("consul", "    path = \"p\"\n    lock = false\n"), std::string("locals {}\n")}) {
    const Checkout here(unlocked);
    EXPECT_EQ(here.hazard(1).severity, Severity::damage) << unlocked;
    EXPECT_FALSE(here.hazard(1).is_assumed);
    EXPECT_NE(here.hazard(1).why.find("both write"), std::string::npos) << here.hazard(1).why;
  }
}

TEST(PipelineBackends, TwoWritersAreAJobRefusedWithALock) {
  for (const std::string& locked :
       {s3_block("    use_lockfile = true\n"), s3_block("    dynamodb_table = \"t\"\n"),
        backend_block("http", "    address = \"http://h/s\"\n    lock_address = \"http://h/l\"\n"),
        backend_block("gcs", "    bucket = \"b\"\n"), backend_block("consul", "    path = \"p\"\n")}) {
    const Checkout here(locked);
    EXPECT_EQ(here.hazard(1).severity, Severity::refused) << locked;
    EXPECT_FALSE(here.hazard(1).is_assumed);
    EXPECT_NE(here.hazard(1).why.find("the second is refused, or waits"), std::string::npos);
  }
}

TEST(PipelineBackends, BothAreSaidWhereNobodyKnows) {
  for (const std::string& unknown :
       {std::string(), std::string("terraform {\n"), backend_block("s3", ""),
        backend_block("local", "    path = \"/mnt/shared/terraform.tfstate\"\n")}) {
    const Hazard hazard = Checkout(unknown).hazard(1);
    EXPECT_EQ(hazard.severity, Severity::refused) << unknown;
    EXPECT_TRUE(hazard.is_assumed) << unknown;
    EXPECT_NE(hazard.assumption.find("which is damage"), std::string::npos) << hazard.assumption;
  }
}

TEST(PipelineBackends, WhatInitIsGivenCompletesTheBlock) {
  const Checkout here(backend_block("s3", "    region = \"r\"\n"));
  EXPECT_EQ(here.facts().lock, StateLock::unknown);
  EXPECT_EQ(here.facts("infra", {"bucket=b", "key=k"}).lock, StateLock::none);
  EXPECT_EQ(here.facts("infra", {"bucket=b", "key=k", "use_lockfile=true"}).lock, StateLock::locks);
  here.files.write("infra/prod.tfbackend", "bucket = \"b\"\nkey = \"k\"\ndynamodb_table = \"t\"\n");
  EXPECT_EQ(here.facts("infra", {"prod.tfbackend"}).lock, StateLock::locks);
  EXPECT_EQ(here.facts("infra", {"missing.tfbackend"}).lock, StateLock::unknown);
  EXPECT_EQ(here.facts("infra", {"../../elsewhere.tfbackend"}).lock, StateLock::unknown);
  here.files.write(".github/workflows/tf.yml",
                   kPushedTo + job_of("cd infra; terraform init -backend-config=prod.tfbackend "
                                      "-backend-config=\"access_key=hunter2\"; terraform apply"));
  const Pipeline pipeline = here.files.read();
  EXPECT_EQ(pipeline.jobs.at(0).runs.at(0).commands.at(0).state.init_arguments,
            std::vector<std::string>{"prod.tfbackend"});
  EXPECT_EQ(here.hazard(1).severity, Severity::refused);
}

// The address is the same secret everywhere, and what is in it is nobody's business.
TEST(PipelineBackends, VariablesOfTheJobCompleteTheBlock) {
  const Checkout here(backend_block("http", ""));
  EXPECT_EQ(here.facts().lock, StateLock::unknown);
  const auto workflow = [&](const std::string& variables) {
    return kPushedTo + "env: {TF_HTTP_ADDRESS: \"https://ci:hunter2@state/app\"" + variables + "}\n" +
           job_of("cd infra; terraform init; terraform apply");
  };
  here.files.write(".github/workflows/tf.yml", workflow(""));
  EXPECT_EQ(here.hazard(1).severity, Severity::damage);
  const StatePlace place = here.files.read().jobs.at(0).runs.at(0).commands.at(0).state;
  EXPECT_EQ(place.key.find("hunter2"), std::string::npos) << place.key;
  EXPECT_NE(place.key.find("state/app"), std::string::npos) << place.key;
  here.files.write(".github/workflows/tf.yml", workflow(", TF_HTTP_LOCK_ADDRESS: \"${{ secrets.LOCK }}\""));
  EXPECT_EQ(here.hazard(1).severity, Severity::refused);
  EXPECT_FALSE(here.hazard(1).is_assumed);
}

TEST(PipelineBackends, BracesStandForEveryDirectory) {
  const Checkout here(s3_block(""));
  here.files.write("envs/dev/main.tf", s3_block("    use_lockfile = true\n"));
  here.files.write("envs/prod/main.tf", s3_block("    use_lockfile = true\n"));
  here.files.write("envs/README/about.txt", "no configuration\n");
  EXPECT_EQ(here.facts("envs/{inputs.env}").lock, StateLock::locks);
  here.files.write("envs/prod/main.tf", s3_block(""));
  EXPECT_EQ(here.facts("envs/{inputs.env}").lock, StateLock::unknown);
  EXPECT_EQ(here.facts("envs/prod").lock, StateLock::none);
  EXPECT_EQ(here.facts("..").lock, StateLock::unknown);
  EXPECT_EQ(here.facts("/etc").lock, StateLock::unknown);
}

TEST(PipelineBackends, LegsAndKeysCountLikeWise) {
  const std::string legs = kPushedTo +
                           "jobs:\n  apply:\n    runs-on: ubuntu-latest\n"
                           "    strategy: {fail-fast: false, matrix: {env: [dev, prod]}}\n"
                           "    concurrency: {group: \"tf-${{ matrix.env }}\", queue: max}\n"
                           "    steps:\n      - run: " +
                           kApplyInfra + "\n";
  EXPECT_EQ(Checkout(s3_block(""), legs).hazard(15).severity, Severity::damage);
  EXPECT_EQ(Checkout(s3_block("    use_lockfile = true\n"), legs).hazard(15).severity, Severity::refused);
  const std::string finer =
      "name: x\non: {push: {branches: [main, dev]}}\n"
      "concurrency: {group: \"tf-${{ github.ref }}\", queue: max}\n" +
      job_of(kApplyInfra);
  EXPECT_EQ(Checkout(s3_block(""), finer).hazard(3).severity, Severity::damage);
  EXPECT_EQ(Checkout(s3_block("    use_lockfile = true\n"), finer).hazard(3).severity, Severity::refused);
}

TEST(PipelineBackends, NobodyIsRefusedByALockThatIsNone) {
  const std::string impatient = kPushedTo + job_of("terraform -chdir=infra apply -auto-approve");
  EXPECT_EQ(Checkout(s3_block(""), impatient).ids(), "P01 P06");
  EXPECT_EQ(Checkout(s3_block("    use_lockfile = true\n"), impatient).ids(), "P01 P06 P11");
  const std::string plan =
      "name: x\non: {pull_request: {}}\n"
      "concurrency: {group: \"tf-${{ github.ref }}\", cancel-in-progress: true}\n" +
      job_of("terraform -chdir=infra plan");
  EXPECT_EQ(Checkout(s3_block(""), plan).ids(), "");
  EXPECT_EQ(Checkout(s3_block("    use_lockfile = true\n"), plan).hazard(20).severity, Severity::refused);
  EXPECT_EQ(Checkout(backend_block("pg", "    conn_str = \"postgres://h/d\"\n"), plan).hazard(20).severity,
            Severity::note)
      << "a lock that ends with its session turns nobody away";
}

TEST(PipelineBackends, AnUnlockIsAsBadAsWhatItRemoves) {
  const std::string unlock =
      kPushedTo + kSafeGroup + job_of("terraform -chdir=infra force-unlock -force 1; " + kApplyInfra);
  const auto standing = [&](const std::string& configuration) {
    return Checkout(configuration, unlock).hazard(8).standing;
  };
  EXPECT_EQ(standing(s3_block("    use_lockfile = true\n")), Standing::reported);
  EXPECT_EQ(standing(s3_block("")), Standing::residual) << "there is no lock to remove";
  EXPECT_EQ(standing(backend_block("pg", "    conn_str = \"postgres://h/d\"\n")), Standing::residual)
      << "force-unlock does nothing there";
  const Hazard any =
      Checkout(backend_block("http", "    address = \"http://h/s\"\n    lock_address = \"http://h/l\"\n"),
               unlock)
          .hazard(8);
  EXPECT_EQ(any.standing, Standing::reported);
  EXPECT_NE(any.why.find("whatever the id"), std::string::npos) << any.why;
}

TEST(PipelineBackends, AreShownWithTheirStates) {
  const auto told = [](const std::string& configuration) {
    const Checkout here(configuration);
    reports::PipelineAnswer answer{"here", here.files.read(), here.hazards()};
    answer.facts = facts_from_configurations(answer.pipeline.root);
    return std::pair(text_pipeline(answer, reports::Style{}), json_pipeline(answer));
  };
  const auto locked = told(s3_block("    use_lockfile = true\n"));
  EXPECT_NE(locked.first.find("state, lock infra: s3 with use_lockfile, stays when its job is killed;"),
            std::string::npos)
      << locked.first;
  EXPECT_NE(locked.second.find("\"has_lock\": true"), std::string::npos);
  EXPECT_NE(locked.second.find("\"force_unlock_removes\": \"the lock with its id\""), std::string::npos);
  const auto unlocked = told(s3_block(""));
  EXPECT_NE(unlocked.first.find("infra: none between two runs, s3 without locking"), std::string::npos);
  EXPECT_NE(unlocked.second.find("\"has_lock\": false"), std::string::npos);
  const auto unknown = told("");
  EXPECT_NE(unknown.first.find("infra: unknown, so both are answered for"), std::string::npos);
  EXPECT_NE(unknown.second.find("\"has_lock\": null"), std::string::npos);
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
