// Each hazard that a GitHub workflow can have: in one that has it, and in one where it is repaired.
#include <gtest/gtest.h>

#include "tests/pipeline/hazard_ids.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

bool has(const std::string& yaml, const std::string& id) {
  return ids_of(yaml).find(id) != std::string::npos;
}

// A workflow with one job; `head` is what stands above it, `job` and `steps` are indented as they must be.
std::string workflow(const std::string& head, const std::string& job, const std::string& steps) {
  return "name: infra\n" + head + "jobs:\n  apply:\n    runs-on: ubuntu-latest\n" + job + "    steps:\n" +
         steps;
}

const std::string kPush = "on: {push: {branches: [main]}}\n";
const std::string kGroup = "    concurrency: {group: tfstate, cancel-in-progress: false, queue: max}\n";
const std::string kApply = "      - run: terraform init && terraform apply -auto-approve -lock-timeout=10m\n";

TEST(GithubHazards, P01IsRepairedByAGroup) {
  EXPECT_EQ(ids_of(workflow(kPush, "", kApply)), "P01 P06");
  EXPECT_EQ(ids_of(workflow(kPush, kGroup, kApply)), "");
}

TEST(GithubHazards, P02IsWhateverIsNewInEachRun) {
  for (const char* key :
       {"github.sha", "github.run_id", "github.run_number", "github.run_attempt",
        "github.head_ref || github.run_id", "github.event.pull_request.number || github.run_id",
        "github.event.head_commit.id", "format('a-{0}', github.sha)", "github['sha']"}) {
    const std::string group =
        std::string("    concurrency: {group: \"tf-${{ ") + key + " }}\", cancel-in-progress: false}\n";
    EXPECT_EQ(ids_of(workflow(kPush, group, kApply)), "P02 P06") << key;
  }
  for (const char* key :
       {"github.workflow", "github.repository", "github.event_name && 'a' || github.sha", "github.ref"}) {
    const std::string group = std::string("    concurrency: {group: \"tf-${{ ") + key +
                              " }}\", cancel-in-progress: false, queue: max}\n";
    EXPECT_EQ(ids_of(workflow(kPush, group, kApply)), "") << key;
  }
}

TEST(GithubHazards, P03IsAKeyThatTellsApartWhatTheStateDoesNot) {
  const std::string two = "on: {push: {branches: [main]}, workflow_dispatch: {}}\n";
  const auto group = [](const std::string& key) {
    return "    concurrency: {group: \"tf-${{ " + key + " }}\", cancel-in-progress: false, queue: max}\n";
  };
  EXPECT_TRUE(has(workflow(two, group("github.ref"), kApply), "P03")) << "by hand on another branch";
  EXPECT_TRUE(has(workflow(two, group("github.event_name"), kApply), "P03"));
  EXPECT_TRUE(has(workflow(kPush, group("github.actor"), kApply), "P03"));
  EXPECT_FALSE(has(workflow(kPush, group("github.ref"), kApply), "P03")) << "one branch only";
  EXPECT_FALSE(has(workflow(two, group("github.workflow"), kApply), "P03"));
}

TEST(GithubHazards, P03IsNoneWhereTheKeyIsAsFineAsTheState) {
  const std::string choice =
      "on: {workflow_dispatch: {inputs: {env: {type: choice, options: [dev, prod]}, ref: {type: string}}}}\n";
  const std::string apply =
      "      - run: terraform -chdir=envs/${{ inputs.env }} apply -auto-approve -lock-timeout=10m\n";
  const auto group = [](const std::string& key) {
    return "    concurrency: {group: \"tf-${{ " + key + " }}\", cancel-in-progress: false, queue: max}\n";
  };
  EXPECT_EQ(ids_of(workflow(choice, group("inputs.env"), apply)), "");
  EXPECT_TRUE(has(workflow(choice, group("inputs.ref"), apply), "P03")) << "typed, and not what the state is";
}

TEST(GithubHazards, P03IsTheNameOfTheWorkflowInTwoFiles) {
  const std::string group = "    concurrency: {group: \"tf-${{ github.workflow }}\", queue: max}\n";
  const std::string one = workflow(kPush, group, kApply);
  std::string other = one;
  other.replace(0, 11, "name: other");
  EXPECT_EQ(ids_of(one), "");
  EXPECT_TRUE(has(one + "---\n" + other, "P03"));
}

TEST(GithubHazards, P04IsAQueueOfOne) {
  const std::string both = "on: {push: {branches: [main]}, pull_request: {}}\n";
  const std::string steps =
      "      - run: terraform plan -lock=false\n"
      "      - if: github.event_name == 'push'\n"
      "        run: terraform apply -auto-approve -lock-timeout=10m\n";
  EXPECT_TRUE(has(workflow(both, "    concurrency: {group: tf}\n", steps), "P04"));
  EXPECT_TRUE(has(workflow(both, "    concurrency: tf\n", steps), "P04"));
  EXPECT_FALSE(has(workflow(both, "    concurrency: {group: tf, queue: max}\n", steps), "P04"));
  EXPECT_FALSE(
      has(workflow(both, "    concurrency: {group: \"tf-${{ github.event_name }}\", queue: max}\n", steps),
          "P04"));
}

TEST(GithubHazards, P05IsANewerRunThatCancels) {
  const auto group = [](const std::string& cancel) {
    return "    concurrency: {group: tf, cancel-in-progress: " + cancel + "}\n";
  };
  const std::string both = "on: {push: {branches: [main]}, pull_request: {}}\n";
  const std::string steps =
      "      - if: github.event_name == 'push'\n"
      "        run: terraform apply -auto-approve -lock-timeout=10m\n";
  EXPECT_EQ(ids_of(workflow(kPush, group("true"), kApply)), "P05 P06");
  EXPECT_FALSE(has(workflow(kPush, group("false"), kApply), "P05"));
  EXPECT_FALSE(has(workflow(kPush, group("\"${{ github.event_name == 'pull_request' }}\""), kApply), "P05"));
  EXPECT_TRUE(has(workflow(both, group("\"${{ github.event_name == 'pull_request' }}\""), steps), "P05"))
      << "a pull request in the same group cancels the apply";
}

TEST(GithubHazards, P06IsAChainThatPassesNothingOn) {
  const std::string cancel = "    concurrency: {group: tf, cancel-in-progress: true}\n";
  const std::string recipe =
      "      - uses: hashicorp/setup-terraform@v3\n"
      "        with: {terraform_wrapper: false}\n"
      "      - run: |\n"
      "          terraform apply -auto-approve -lock-timeout=5m & p=$!\n"
      "          once() { trap '' INT TERM; kill -INT \"$p\"; }\n"
      "          trap once INT TERM\n"
      "          rc=0; wait \"$p\" || rc=$?\n"
      "          while kill -0 \"$p\" 2>/dev/null; do rc=0; wait \"$p\" || rc=$?; done\n"
      "          exit \"$rc\"\n"
      "      - if: always()\n"
      "        run: for i in $(seq 240); do pgrep -x terraform >/dev/null || exit 0; sleep 1; done\n";
  EXPECT_EQ(ids_of(workflow(kPush, cancel, recipe)), "P05");
  std::string wrapped = recipe;
  wrapped.replace(wrapped.find("terraform_wrapper: false"), 24, "terraform_wrapper: true ");
  EXPECT_EQ(ids_of(workflow(kPush, cancel, wrapped)), "P05 P06");
  for (const char* step : {"terraform apply -auto-approve -lock-timeout=5m | tee log",
                           "bash -c 'terraform apply -auto-approve -lock-timeout=5m'"})
    EXPECT_EQ(ids_of(workflow(kPush, cancel, std::string("      - run: ") + step + "\n")), "P05 P06") << step;
}

TEST(GithubHazards, P07IsAnUnlockWhereverAFailureLeads) {
  const std::string own = "      - run: terraform apply -auto-approve -lock-timeout=10m\n";
  for (const char* condition :
       {"always()", "failure()", "cancelled()", "${{ !success() }}", "always() && true"}) {
    const std::string step = std::string("      - if: ") + (condition[0] == '$' ? "" : "") + condition +
                             "\n        run: terraform force-unlock -force 1\n";
    EXPECT_TRUE(has(workflow(kPush, kGroup, own + step), "P07")) << condition;
  }
  for (const char* script :
       {"terraform apply -auto-approve -lock-timeout=5m || terraform force-unlock -force 1",
        "trap 'terraform force-unlock -force 1' EXIT; terraform apply -auto-approve -lock-timeout=5m"})
    EXPECT_TRUE(has(workflow(kPush, kGroup, std::string("      - run: \"") + script + "\"\n"), "P07"))
        << script;
  EXPECT_FALSE(
      has(workflow(kPush, kGroup, own + "      - if: always()\n        run: terraform output\n"), "P07"));
}

TEST(GithubHazards, P08IsEveryWayToRemoveALockFirst) {
  for (const char* unlock :
       {"terraform force-unlock -force $ID", "az storage blob lease break --blob-name x",
        "az storage blob lease release -b x",
        "aws dynamodb delete-item --table-name t --key '{\\\"LockID\\\":{\\\"S\\\":\\\"x\\\"}}'",
        "aws s3 rm s3://b/k.tflock", "aws s3api delete-object --bucket b --key k.tflock",
        "gsutil rm gs://b/default.tflock", "gcloud storage rm gs://b/default.tflock",
        "kubectl delete lease lock-tfstate-default-x", "consul kv delete tf/.lock",
        "curl -X UNLOCK http://x/state", "curl -X DELETE http://x/lock",
        "psql -c 'select pg_terminate_backend(1)'", "rm -f .terraform.tfstate.lock.info"}) {
    const std::string step = std::string("      - run: \"") + unlock + "\"\n";
    EXPECT_EQ(ids_of(workflow(kPush, kGroup, step + kApply)), "P08") << unlock;
    EXPECT_EQ(ids_of(workflow(kPush, "", step + kApply)), "P01 P08") << unlock;
  }
  EXPECT_EQ(ids_of(workflow(kPush, kGroup, "      - run: \"echo terraform force-unlock ID\"\n" + kApply)),
            "");
  EXPECT_EQ(
      ids_of(workflow(kPush, kGroup,
                      "      - run: |\n          # terraform force-unlock 1\n          true\n" + kApply)),
      "");
}

TEST(GithubHazards, P09IsAMachineThatMayGo) {
  const auto on = [](const std::string& runner) {
    std::string text = workflow(kPush, kGroup, kApply);
    text.replace(text.find("ubuntu-latest"), 13, runner);
    return ids_of(text);
  };
  EXPECT_EQ(on("[self-hosted, linux, x64]"), "P06 P09");
  EXPECT_EQ(on("arc-runner-set"), "P06 P09");
  EXPECT_EQ(on("ubuntu-22.04"), "");
}

TEST(GithubHazards, P10IsALimitWithoutRoom) {
  EXPECT_EQ(ids_of(workflow(kPush, kGroup + "    timeout-minutes: 30\n", kApply)), "P06 P10");
  EXPECT_EQ(ids_of(workflow(kPush, kGroup + "    timeout-minutes: 180\n", kApply)), "");
  EXPECT_EQ(
      ids_of(workflow(
          kPush, kGroup,
          "      - run: terraform apply -auto-approve -lock-timeout=10m\n        timeout-minutes: 20\n")),
      "P06 P10");
  EXPECT_TRUE(
      has(workflow(kPush, kGroup, "      - run: timeout 15m terraform apply -auto-approve\n"), "P10"));
}

TEST(GithubHazards, P11IsALockThatIsNotWaitedFor) {
  const auto apply = [](const std::string& flags) {
    return "      - run: terraform apply -auto-approve " + flags + "\n";
  };
  EXPECT_EQ(ids_of(workflow(kPush, "", apply(""))), "P01 P06 P11");
  EXPECT_EQ(ids_of(workflow(kPush, "", apply("-lock-timeout=0s"))), "P01 P06 P11");
  EXPECT_EQ(ids_of(workflow(kPush, "", apply("-lock-timeout=5m"))), "P01 P06");
  EXPECT_EQ(ids_of(workflow(kPush + "env: {TF_CLI_ARGS_apply: -lock-timeout=5m}\n", "", apply(""))),
            "P01 P06");
  EXPECT_EQ(ids_of(workflow(kPush + "env: {TF_CLI_ARGS: -lock-timeout=5m}\n", "", apply(""))), "P01 P06");
  EXPECT_EQ(ids_of(workflow(kPush + "env: {TF_CLI_ARGS_plan: -lock-timeout=5m}\n", "", apply(""))),
            "P01 P06 P11");
  EXPECT_TRUE(has(workflow(kPush, "    timeout-minutes: 100\n", apply("-lock-timeout=2h")), "P11"))
      << "as long as the job";
}

TEST(GithubHazards, P12IsAPlanOfAnotherJob) {
  const std::string jobs =
      "jobs:\n"
      "  plan:\n    runs-on: ubuntu-latest\n    steps: [{run: terraform plan -out=tf.plan}]\n"
      "  apply:\n    needs: plan\n    runs-on: ubuntu-latest\n    steps: [{run: terraform apply "
      "-lock-timeout=5m tf.plan}]\n";
  const std::string whole = "concurrency: {group: tf, queue: max}\n";
  EXPECT_EQ(ids_of("name: x\n" + kPush + jobs), "P01 P06 P12");
  EXPECT_EQ(ids_of("name: x\n" + kPush + whole + jobs), "") << "one group over plan and apply";
  EXPECT_EQ(ids_of(workflow(
                kPush, kGroup,
                "      - run: terraform plan -out=tf.plan && terraform apply -lock-timeout=5m tf.plan\n")),
            "")
      << "within one job";
}

TEST(GithubHazards, P13IsTheLockSwitchedOff) {
  for (const char* flag : {"-lock=false", "-lock=0", "-lock false", "--lock=false"})
    EXPECT_EQ(ids_of(workflow(kPush, kGroup,
                              std::string("      - run: terraform apply -auto-approve ") + flag + "\n")),
              "P13")
        << flag;
  EXPECT_EQ(ids_of(workflow(kPush + "env: {TF_CLI_ARGS_apply: \"-lock=false\"}\n", kGroup,
                            "      - run: tofu apply -auto-approve\n")),
            "P13");
  EXPECT_EQ(ids_of(workflow(kPush, kGroup, "      - run: terraform plan -lock=false\n" + kApply)), "")
      << "harmless";
  EXPECT_EQ(ids_of(workflow(kPush, kGroup, "      - run: terraform plan -lock=false\n" + kApply),
                   Standing::residual),
            "P06 P13");
}

TEST(GithubHazards, P14AndP15AreOfMatrices) {
  const auto matrix = [](const std::string& strategy, const std::string& directory) {
    return ids_of(
        workflow(kPush,
                 "    strategy: {" + strategy +
                     "matrix: {env: [dev, prod]}}\n"
                     "    concurrency: {group: \"tf-${{ matrix.env }}\", queue: max}\n",
                 "      - run: terraform -chdir=" + directory + " apply -auto-approve -lock-timeout=5m\n"));
  };
  EXPECT_EQ(matrix("", "${{ matrix.env }}"), "P06 P14");
  EXPECT_EQ(matrix("fail-fast: false, ", "${{ matrix.env }}"), "");
  EXPECT_NE(matrix("fail-fast: false, ", "infra").find("P15"), std::string::npos);
  EXPECT_EQ(matrix("fail-fast: false, max-parallel: 1, ", "infra").find("P15"), std::string::npos);
}

TEST(GithubHazards, P17IsWhoeverTakesTheLockOutsideOfTheGroup) {
  const std::string apply = workflow(kPush, kGroup, kApply);
  const auto drift = [](const std::string& group, const std::string& command) {
    return "---\nname: drift\non: {schedule: [{cron: \"0 3 * * *\"}]}\njobs:\n  drift:\n    runs-on: "
           "ubuntu-latest\n" +
           group + "    steps: [{run: " + command + "}]\n";
  };
  EXPECT_EQ(ids_of(apply + drift("", "terraform plan")), "P17");
  EXPECT_EQ(ids_of(apply + drift("", "terraform plan -lock=false")), "");
  EXPECT_EQ(ids_of(apply + drift(kGroup, "terraform plan")), "");
  EXPECT_EQ(ids_of(apply + drift("", "terraform -chdir=other plan")), "") << "another state";
  EXPECT_EQ(ids_of(apply + drift("    concurrency: TFSTATE\n", "terraform plan")), "")
      << "groups know no case";
}

TEST(GithubHazards, P18IsARetryOfTheApply) {
  const std::string retry =
      "      - uses: nick-fields/retry@v3\n        with: {max_attempts: 3, timeout_minutes: 120, command: "
      "CMD}\n";
  const auto with = [&](const std::string& command) {
    std::string text = retry;
    return workflow(kPush, kGroup, text.replace(text.find("CMD"), 3, command));
  };
  EXPECT_EQ(ids_of(with("terraform apply -auto-approve")), "P06 P18");
  EXPECT_EQ(ids_of(with("terraform init")), "");
  EXPECT_TRUE(
      has(workflow(kPush, kGroup, "      - run: until terraform apply -auto-approve; do sleep 5; done\n"),
          "P18"));
  EXPECT_TRUE(has(
      workflow(kPush, kGroup, "      - run: for i in 1 2; do terraform apply -auto-approve && break; done\n"),
      "P18"));
  EXPECT_FALSE(has(workflow(kPush, kGroup,
                            "      - run: for d in a b; do terraform -chdir=$d apply -auto-approve; done\n"),
                   "P18"));
}

TEST(GithubHazards, P20IsAPlanThatIsCancelledWithTheLock) {
  const auto plan = [](const std::string& cancel, const std::string& command) {
    return ids_of(
        "name: p\non: {pull_request: {}}\nconcurrency: {group: \"p-${{ github.ref }}\", "
        "cancel-in-progress: " +
        cancel + "}\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    steps: [{run: " + command + "}]\n");
  };
  EXPECT_EQ(plan("true", "terraform plan"), "P20");
  EXPECT_EQ(plan("true", "terraform plan -lock=false"), "");
  EXPECT_EQ(plan("false", "terraform plan"), "");
  EXPECT_EQ(plan("true", "terraform validate"), "");
}

TEST(GithubHazards, P16IsATreeOfUnitsThatTwoRunsGoOver) {
  for (const char* command : {"terragrunt run-all apply --terragrunt-non-interactive",
                              "terragrunt run --all apply", "terragrunt apply --all"}) {
    const std::string step = std::string("      - run: ") + command + "\n";
    EXPECT_TRUE(has(workflow(kPush, "", step), "P16")) << command;
    EXPECT_FALSE(has(workflow(kPush, kGroup, step), "P16")) << command << ": one run at a time";
  }
  EXPECT_FALSE(has(workflow(kPush, "", "      - run: terragrunt apply\n"), "P16")) << "one unit";
  EXPECT_FALSE(has(workflow(kPush, "", "      - run: terragrunt run-all plan\n"), "P16"));
}

TEST(GithubHazards, P23ToP27AreOfOneJob) {
  const std::string credentials =
      "      - uses: aws-actions/configure-aws-credentials@v4\n        with: {role-duration-seconds: 900}\n";
  EXPECT_EQ(ids_of(workflow(kPush, kGroup, credentials + kApply)), "P23");
  EXPECT_EQ(
      ids_of(workflow(kPush, kGroup, "      - run: exec terraform apply -auto-approve -lock-timeout=5m\n")),
      "P26");
  EXPECT_TRUE(
      has(workflow(kPush, kGroup, "      - run: timeout -k 10s 20m terraform apply -auto-approve\n"), "P26"));
  const std::string rollback = "on: {workflow_dispatch: {inputs: {ref: {type: string}}}}\n";
  EXPECT_EQ(ids_of(workflow(
                rollback, kGroup,
                "      - uses: actions/checkout@v4\n        with: {ref: \"${{ inputs.ref }}\"}\n" + kApply)),
            "P27");
  const auto after_plan = [&](const std::string& condition) {
    return ids_of("name: x\n" + kPush +
                  "concurrency: {group: tf, queue: max}\njobs:\n  check:\n    runs-on: ubuntu-latest\n"
                  "    steps: [{run: terraform validate}]\n  apply:\n    needs: check\n    if: " +
                  condition + "\n    runs-on: ubuntu-latest\n    steps:\n" + kApply);
  };
  EXPECT_EQ(after_plan("always()"), "P25");
  EXPECT_EQ(after_plan("\"!cancelled()\""), "P25");
  EXPECT_EQ(after_plan("always() && needs.check.result == 'success'"), "");
  EXPECT_EQ(after_plan("github.ref == 'refs/heads/main'"), "");
}

TEST(GithubHazards, P24IsAnUnlockByHandOutsideOfTheGroup) {
  const auto unlock = [](const std::string& group) {
    return "---\nname: unlock\non: {workflow_dispatch: {inputs: {id: {required: true}}}}\njobs:\n  unlock:\n"
           "    runs-on: ubuntu-latest\n" +
           group + "    steps: [{run: \"terraform force-unlock -force ${{ inputs.id }}\"}]\n";
  };
  const std::string apply = workflow(kPush, kGroup, kApply);
  EXPECT_EQ(ids_of(apply + unlock("")), "P24");
  EXPECT_EQ(ids_of(apply + unlock("    concurrency: unlock\n")), "P24") << "a group of its own";
  EXPECT_EQ(ids_of(apply + unlock("    concurrency: {group: tfstate, queue: max}\n")), "");
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
