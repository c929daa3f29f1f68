#include "reports/prevention.hpp"

#include <algorithm>

#include "reports/step_queries.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::BackendKind;
using scenarios::Counterexample;
using scenarios::Scenario;

bool unlocked(const Scenario& scenario) {
  return scenario.backend.kind == BackendKind::s3 && !scenario.backend.use_lockfile &&
         !scenario.backend.dynamodb_table;
}

// Whether the store lets two clients create the same lock file.
bool store_ignores_conditions(const Scenario& scenario) {
  const scenarios::StorePromises& store = scenario.store;
  const bool broken =
      !store.honours_if_none_match || (store.versioning == "enabled" && !store.versioned_conditional_puts);
  return scenario.backend.use_lockfile && broken;
}

std::string no_lock() {
  return "A lock: this backend block configures none. Set `use_lockfile = true` (Terraform and OpenTofu 1.10 "
         "or later).";
}

std::string honest_store() {
  return "A store that honours If-None-Match on PutObject: this one lets a lock file be written over "
         "another's.";
}

std::string fence(const Scenario& scenario) {
  if (scenario.backend.kind != BackendKind::s3) {
    return "A fenced write: the store accepts new state only if it still is the version that the writer read "
           "under its lock.";
  }
  return "A fenced write: PutObject of the state with If-Match on the version read under the lock "
         "(If-None-Match: * for the "
         "first write). The backend does not send one today; `fenced_put: true` in a scenario shows what it "
         "would change.";
}

std::string robbed() {
  return "Force-unlock only once the job is known to be gone: a lock that is removed from a live or paused "
         "job does not stop "
         "that job.";
}

std::string atomic_file() {
  return "An atomic replacement: write a new file, then rename it over the state. The local backend "
         "truncates the state and "
         "writes it in place, so for a while, or after a crash for good, there is only a part of it.";
}

std::string exclusion(const Scenario& scenario, const Counterexample& counterexample) {
  const auto is_interrupt = [](const Step& step) { return step.event == "interrupt"; };
  if (unlocked(scenario)) return no_lock();
  if (store_ignores_conditions(scenario)) return honest_store();
  if (force_unlock(counterexample.steps) != nullptr) return robbed();
  if (std::ranges::any_of(counterexample.steps, is_interrupt)) {
    return "One interrupt only, and time to stop after it: a second one makes the command release its lock "
           "while its calls "
           "are still under way.";
  }
  if (scenario.backend.kind == BackendKind::lock_table) {
    return "The owner and an epoch in every condition, of take-overs and releases alike (protocol "
           "`corrected`).";
  }
  return "A release that is conditional on the lock's own ID, so that a repeated or late delete cannot free "
         "somebody else.";
}

std::string effects(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario)) return no_lock();
  if (is_late(counterexample.steps.back())) {
    return "Nothing in the lock: a request that is under way cannot be called back. A fenced write would "
           "refuse a late state; "
           "a late change to infrastructure no lock can stop, so wait a few minutes after a job has died.";
  }
  return exclusion(scenario, counterexample) +
         " A fenced state write protects the state file; changes to infrastructure stay unprotected by any "
         "lock.";
}

std::string own_lock(const Scenario& scenario, const Counterexample& counterexample) {
  if (counterexample.steps.back().operation.starts_with("Put") && store_ignores_conditions(scenario))
    return honest_store();
  std::string text =
      "A conditional delete: remove the lock only if it still is the one with the own ID, so that a repeated "
      "or late request "
      "does nothing.";
  const bool table_only = scenario.backend.dynamodb_table && !scenario.backend.use_lockfile;
  if (table_only && scenario.client.tool == models::Dialect::terraform) {
    text += " OpenTofu's DeleteItem carries such a condition, Terraform's does not.";
  } else if (scenario.backend.kind == BackendKind::s3 && scenario.backend.use_lockfile) {
    text += " For the lock file that is DeleteObject with If-Match; neither tool sends it.";
  }
  return text;
}

std::string integrity(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario)) return no_lock();
  if (tears_file(counterexample.steps) != nullptr) return atomic_file();
  if (scenario.backend.dynamodb_table && !writes_state(counterexample.steps.back())) {
    return "State and digest written in one step: they are two requests, and whoever stops or comes between "
           "them leaves a "
           "state that nobody can read until the digest is repaired by hand. `use_lockfile` without "
           "`dynamodb_table` keeps "
           "no digest.";
  }
  return fence(scenario);
}

std::string drift(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario) && counterexample.faults == 0) return no_lock();
  if (tears_file(counterexample.steps) != nullptr) return atomic_file();
  const bool twins = counterexample.steps.back().operation.starts_with("Create");
  if (twins && !is_late(counterexample.steps.back()) && counterexample.faults == 0)
    return exclusion(scenario, counterexample);
  return "Nothing in the backend: between the change and the next saved state only the job knows the "
         "resource. Find it by "
         "its tags and `import` it; give a killed job time to save its state before it is cut off.";
}

std::string progress(const Counterexample& counterexample) {
  if (shown_itself(counterexample.steps) != nullptr) {
    return "An owner check: a refused acquire that shows the client's own ID means success. The clients do "
           "not compare it; "
           "force-unlock with the ID shown clears the lock by hand.";
  }
  if (shown_nobody(counterexample.steps) != nullptr) {
    return "A retry without lock info: when a lock is released between \"it is taken\" and \"by whom?\", the "
           "client should "
           "try again instead of stopping. A retry of the job in CI does the same.";
  }
  if (reads_torn_file(counterexample.steps) != nullptr) return atomic_file();
  return "A retry of the job in CI, if it failed; a look at the lock it waits for, if it hangs.";
}

}  // namespace

std::string prevention(const Scenario& scenario, const Counterexample& counterexample) {
  if (counterexample.steps.empty()) return "Nothing: it shows before the first step.";
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return exclusion(scenario, counterexample);
    case Property::exclusive_effects:
      return effects(scenario, counterexample);
    case Property::no_lost_update:
      if (tears_file(counterexample.steps) != nullptr) return atomic_file();
      return unlocked(scenario) ? no_lock() : fence(scenario);
    case Property::state_integrity:
      return integrity(scenario, counterexample);
    case Property::own_lock_only:
      return own_lock(scenario, counterexample);
    case Property::stale_lock_recovery:
      return "A lock whose every part shows its holder's ID and that force-unlock can remove with exactly "
             "that ID.";
    case Property::progress:
      return progress(counterexample);
    case Property::no_drift:
      return drift(scenario, counterexample);
  }
  return {};
}

}  // namespace lockstorm::reports
