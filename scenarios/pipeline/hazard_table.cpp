#include <fmt/format.h>

#include <array>

#include "scenarios/pipeline/hazards.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// clang-format off
constexpr std::array<HazardRule, kHazards> kRules{{
    {"no-serialiser", "Nothing keeps two runs apart",
     "Two runs work on one state at once; only the state's own lock is between them.",
     "one group for each state: `concurrency: {group: tfstate-STATE, cancel-in-progress: false, queue: max}` on the job; GitLab `resource_group: tfstate-STATE`; Azure `lockBehavior: sequential` on the stage; Jenkins `lock('tfstate-STATE')`",
     "two clients that apply", "GitHub: Control the concurrency of workflows and jobs; GitLab: Resource group"},
    {"key-never-equal", "A group with one member",
     "The key has something in it that each run has to itself: two runs are never in one group, as if there were none.",
     "take the commit, the run's id and its number out of the key",
     "two clients that apply", "GitHub: Control the concurrency of workflows and jobs"},
    {"key-finer-than-state", "The key is finer than the state",
     "Runs that differ in what the key names work on one state at once.",
     "let the key name what the state's place names, and nothing else: the environment or the directory",
     "two clients that apply", "GitHub: Control the concurrency of workflows and jobs"},
    {"waiting-run-replaced", "A waiting apply is replaced",
     "At most one run waits: a newer one takes its place, and what the older one was to apply is not applied.",
     "`queue: max`; a group of their own for plans; Azure `lockBehavior: sequential`; GitLab `process_mode: oldest_first`",
     "a client that never runs", "GitHub changelog 2026-05-07: concurrency groups allow larger queues; Azure: Define approvals and checks"},
    {"apply-cancelled-by-newer-run", "A newer run cancels an apply",
     "A running apply is cancelled whenever a newer run comes.",
     "`cancel-in-progress: false`; `interruptible: false` on the apply; no `abortPrevious`",
     "two clients, and a kill", "GitHub: Control the concurrency of workflows and jobs; GitLab: interruptible"},
    {"cancel-never-heard", "terraform never hears of a cancel",
     "A cancel ends the shell around terraform; terraform runs on, and is killed without a word later: the lock stays, what was not saved is lost.",
     "hand one interrupt on and wait for the process (docs/pipelines.md has the recipe), `terraform_wrapper: false`, and an `always()` step that waits; Azure `Bash@3` and PROCESS_SIGINT_TIMEOUT",
     "a kill instead of an interrupt", "actions/runner ProcessInvoker.cs; hashicorp/setup-terraform wrapper"},
    {"unlock-in-clean-up", "A clean-up step removes the lock",
     "After a cancel the holder may still run; after a refusal the lock is somebody else's: the step takes a lock away from a live job.",
     "remove the step; or wait until the process is gone, and unlock only the id that this job was given",
     "an operator who removes any lock", "actions/runner ProcessInvoker.cs"},
    {"unlock-before-use", "The lock is removed before each run",
     "Whoever holds the lock loses it when the next run starts.",
     "remove the step; unlock in a workflow of its own, in the group of the apply, after a look at the holder",
     "an operator who removes any lock", "reports of lost updates by lease breaks before apply"},
    {"machine-may-vanish", "The machine may vanish",
     "A runner that is lost frees the group while its process may go on, or is killed without a word.",
     "machines that stay for applies; a longer grace period; a disruption budget for pods",
     "a kill, or a pause", "actions/runner: renewals of jobs; Kubernetes: Termination of Pods"},
    {"time-limit-cuts-apply", "The time limit cuts the apply",
     "A time limit is a cancel: a long wait for the lock and a long apply end in it.",
     "a limit above the wait for the lock and the longest apply, and -lock-timeout well below it",
     "a kill", "Azure: jobs, timeoutInMinutes; GitHub: timeout-minutes"},
    {"no-lock-timeout", "A held lock is not waited for",
     "A run that meets a held lock fails at once.",
     "`-lock-timeout=10m`, or TF_CLI_ARGS_plan and TF_CLI_ARGS_apply with it; below the job's time limit",
     "a client without lock_timeout", "Terraform: -lock-timeout"},
    {"plan-applied-later", "A plan is applied later",
     "Between the plan and its apply other runs may change the state: the plan is refused as stale, or, without a lock, applied to what it has not seen.",
     "one group over plan and apply; or plan again at the apply, and compare",
     "plan -out, then apply of the file, twice", "Terraform: Saved plan is stale"},
    {"lock-switched-off", "The lock is switched off",
     "The command takes no lock, whoever else holds it.",
     "no -lock=false on what changes the state, and on no plan whose file is applied",
     "a client without a lock", "Terraform: -lock"},
    {"matrix-fail-fast", "A failing leg cancels the others",
     "One leg of the matrix fails, and the applies of all others are cancelled.",
     "`fail-fast: false`",
     "a kill", "GitHub: strategy.fail-fast"},
    {"legs-share-a-state", "Several legs, one state",
     "Parts of one run work on one state at once.",
     "a state for each leg; one leg at a time helps within the run only",
     "two clients that apply", "GitHub: strategy.matrix; Atlantis: parallel_apply"},
    {"stacks-without-order", "Stacks that depend on each other, without an order across runs",
     "Two runs over the same tree of units overlap unit by unit.",
     "one group for the tree; an order by `needs`, `execution_order_group` or dependencies",
     "outside of one state: a note", "Terragrunt: run queue"},
    {"outside-the-group", "A second workflow on the state",
     "A run that takes the state's lock is not in the group of the applies: it turns them away, or is turned away.",
     "one group for all that take the lock of the state; or -lock=false for what only reads",
     "a client that plans beside one that applies", "reports of drift checks that hold the lock"},
    {"blind-retry", "The apply is tried again, whatever went wrong",
     "After a cut the first process may still run, or its lock is in the way.",
     "retry init or plan only, or on certain errors only",
     "a client that applies twice", "GitLab: retry; nick-fields/retry"},
    {"exclusion-not-in-files", "What excludes is not in the repository",
     "Whether two runs exclude each other is decided in settings that no file shows.",
     "Azure: `lockBehavior` on a stage with a name; elsewhere a file that states the policy",
     "one client, and two: both ways", "Azure: stages.stage, exclusive lock"},
    {"plan-killed-with-lock", "A plan is killed while it holds the lock",
     "A newer push cancels a plan that has the state's lock: the lock stays, and the next apply is refused.",
     "-lock=false on plans of pull requests, or no cancel",
     "a client that plans, and a kill", "hashicorp/setup-terraform issue 441; microsoft/azure-pipelines-terraform issues"},
    {"pull-request-locks-off", "Locks of pull requests are off",
     "Two pull requests plan and apply one project at once: the second plan is stale.",
     "remove the setting",
     "plan -out, then apply of the file, twice", "Atlantis: Locking; Digger: PR-level locks; Terrateam: lock management"},
    {"two-orchestrators", "Two systems apply one directory",
     "The locks of each know only what goes through it.",
     "apply by one of them only",
     "two clients that apply", "Atlantis: Locking"},
    {"credentials-too-short", "Credentials end before the job",
     "At the end of a long apply the state cannot be saved and the lock cannot be released.",
     "a longer duration, or credentials that renew themselves",
     "refused requests from some step to the end", "aws-actions/configure-aws-credentials"},
    {"unlock-workflow", "A workflow that unlocks, outside of the group",
     "Somebody types an id and takes the lock away from whoever has it.",
     "the group of the apply; print the holder and the age of the lock; an approval",
     "an operator who removes the lock of one that does not answer", "published unlock workflows"},
    {"apply-whatever-went-before", "The apply runs whatever went before",
     "It runs after a failed plan, and it cannot be cancelled.",
     "`needs.PLAN.result == 'success'` in its condition",
     "a client that applies after another that failed", "GitHub: Workflow cancellation reference"},
    {"interrupted-twice", "terraform is interrupted twice",
     "A second signal makes terraform give up within seconds: what was not saved is lost.",
     "hand on the first signal only",
     "two interrupts", "Terraform: makeShutdownCh; actions/runner ProcessInvoker.cs"},
    {"old-run-started-again", "An old revision can be applied",
     "A run applies a revision that somebody names, or that it was started with: what came later is undone.",
     "check out the head of the branch, or refuse a revision that is not it",
     "an apply of an older configuration: a note", "GitHub: Re-running workflows and jobs"},
    {"group-deadlock", "A group waits for itself",
     "The called workflow wants the group that its caller holds: the run is cancelled at once, and nothing is ever applied.",
     "a fixed prefix of its own, or the group in one of the two only",
     "the job never runs", "reports: deadlock was detected for concurrency group"},
}};
// clang-format on

}  // namespace

const HazardRule& hazard_rule(unsigned number) { return kRules.at(number - 1); }

std::string hazard_id(unsigned number) { return fmt::format("LS-CI-P{:02}", number); }

std::string_view severity_name(Severity severity) {
  constexpr auto kNames = sim::text_for_each<Severity>({"harmless", "note", "refused", "fault", "damage"});
  return kNames[static_cast<std::size_t>(severity)];
}

}  // namespace lockstorm::scenarios::pipeline
