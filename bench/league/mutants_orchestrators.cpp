// Mutants of what runs plans and applies for pull requests, and of jobs that read another state.
#include "bench/league/mutants.hpp"

namespace lockstorm::league {
namespace {

using Rules = models::OrchestratorRules;

// One rule of the orchestrator is another one.
template <class Edit>
Mutation rule(Edit edit) {
  return setting([edit](scenarios::Scenario& scenario) {
    if (scenario.orchestrator) edit(*scenario.orchestrator);
  });
}

// The jobs of the first state read the second one, too.
Mutation reads_in_a_circle() {
  return setting([](scenarios::Scenario& scenario) {
    for (scenarios::Fleet& fleet : scenario.fleets) fleet.client.reads_other_state = true;
  });
}

}  // namespace

std::vector<Mutant> orchestrator_mutants() {
  std::vector<Mutant> all;
  all.push_back({"orchestrator/directory-in-memory",
                 "the lock of the working directory is in the memory of each replica",
                 "issues/atlantis-6825-fixed",
                 rule([](Rules& rules) { rules.directory_lock = Rules::Place::memory; })});
  all.push_back({"orchestrator/keeps-dropped-plans",
                 "a plan stays whose project a new commit does not touch any more",
                 "issues/atlantis-1122-fixed", rule([](Rules& rules) { rules.keeps_dropped_plans = true; })});
  all.push_back({"orchestrator/unlock-deletes-neighbours",
                 "an unlock deletes the plans of all directories of its pull request",
                 "issues/atlantis-215-fixed",
                 rule([](Rules& rules) { rules.unlock_deletes = Rules::UnlockDeletes::workspace; })});
  all.push_back({"orchestrator/any-approval", "an apply asks for an approval of any commit",
                 "orchestrators/stale-approval-refused",
                 rule([](Rules& rules) { rules.approval = Rules::Approval::any; })});
  all.push_back({"orchestrator/success-without-plan", "an apply that finds no plan reports success",
                 "orchestrators/apply-before-plan-refused",
                 rule([](Rules& rules) { rules.without_plan = Rules::WithoutPlan::succeeds; })});
  all.push_back({"orchestrator/unlocks-what-was-listed",
                 "`unlock` deletes the lock that it has found in a list, whosever it is by then",
                 "orchestrators/unlock-own",
                 rule([](Rules& rules) { rules.unlock = Rules::Unlocks::listed; })});
  all.push_back({"orchestrator/falls-back-to-memory",
                 "a replica that cannot reach the database of locks has its own in memory",
                 "orchestrators/database-away-refused",
                 rule([](Rules& rules) { rules.without_database = Rules::WithoutDatabase::memory; })});
  all.push_back({"states/reads-in-a-circle", "two stacks read each other's outputs without a lock",
                 "several-states/read-one-way", reads_in_a_circle()});
  return all;
}

}  // namespace lockstorm::league
