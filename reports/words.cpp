#include "reports/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/narrative.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::BackendKind;
using scenarios::Counterexample;
using scenarios::Scenario;

bool operator_acts(const Counterexample& counterexample) {
  return std::ranges::any_of(counterexample.steps, [](const scenarios::CounterexampleStep& step) {
    return step.actor.starts_with("operator") && step.operation.starts_with("Delete") &&
           step.event == "effect";
  });
}

bool somebody(const Counterexample& counterexample, std::string_view event) {
  return std::ranges::any_of(counterexample.steps,
                             [&](const scenarios::CounterexampleStep& step) { return step.event == event; });
}

bool unlocked(const Scenario& scenario) {
  return scenario.backend.kind == BackendKind::s3 && !scenario.backend.use_lockfile &&
         !scenario.backend.dynamodb_table;
}

std::string no_lock() {
  return "A lock: this backend block configures none. Set `use_lockfile = true` (Terraform and OpenTofu 1.10 "
         "or later).";
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
         "writes it in place, so a job that dies in between leaves a part of it.";
}

bool tears_file(const Scenario& scenario, const Counterexample& counterexample) {
  return scenario.backend.kind == BackendKind::local && somebody(counterexample, "crash");
}

std::string exclusion(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario)) return no_lock();
  if (scenario.backend.use_lockfile && !scenario.store.honours_if_none_match) {
    return "A store that honours If-None-Match on PutObject: this one accepts every lock file.";
  }
  if (operator_acts(counterexample)) return robbed();
  if (somebody(counterexample, "interrupt")) {
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

std::string own_lock(const Scenario& scenario) {
  std::string text =
      "A conditional delete: remove the lock only if it still is the one with the own ID, so that a repeated "
      "or late request "
      "does nothing.";
  if (scenario.backend.dynamodb_table && !scenario.backend.use_lockfile &&
      scenario.client.tool == models::Dialect::terraform) {
    text += " OpenTofu's DeleteItem carries such a condition, Terraform's does not.";
  } else if (scenario.backend.use_lockfile) {
    text += " For the lock file that is DeleteObject with If-Match; neither tool sends it.";
  }
  return text;
}

std::string integrity(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario)) return no_lock();
  if (tears_file(scenario, counterexample)) return atomic_file();
  if (scenario.backend.dynamodb_table && (somebody(counterexample, "crash") || counterexample.faults > 0)) {
    return "State and digest written in one step: they are two requests, and whoever stops between them "
           "leaves a state that "
           "nobody can read until the digest is repaired by hand. `use_lockfile` without `dynamodb_table` "
           "keeps no digest.";
  }
  if (operator_acts(counterexample)) return robbed() + " " + fence(scenario);
  return fence(scenario);
}

std::string drift(const Scenario& scenario, const Counterexample& counterexample) {
  if (unlocked(scenario)) return no_lock();
  const bool twins = counterexample.steps.back().operation.starts_with("Create");
  if (tears_file(scenario, counterexample)) return atomic_file();
  if (twins) return exclusion(scenario, counterexample);
  return "Nothing in the backend: between the change and the next saved state only the job knows the "
         "resource. Find it by "
         "its tags and `import` it; give a killed job time to save its state before it is cut off.";
}

std::string progress(const Counterexample& counterexample) {
  switch (lock_trouble(counterexample)) {
    case LockTrouble::own_lock:
      return "An owner check: a refused acquire that shows the client's own ID means success. The clients do "
             "not compare it; "
             "force-unlock with the ID shown clears the lock by hand.";
    case LockTrouble::vanished_lock:
      return "A retry without lock info: when a lock is released between \"it is taken\" and \"by whom?\", "
             "the client should "
             "try again instead of stopping. A retry of the job in CI does the same.";
    case LockTrouble::other:
      break;
  }
  return "A retry of the job in CI, if it failed; a look at the lock it waits for, if it hangs.";
}

}  // namespace

std::string_view headline(Property property) {
  constexpr std::array<std::string_view, checkers::kProperties> kHeadlines{
      "Two applies can hold the lock at the same time.",
      "An apply can change state or infrastructure without holding the lock.",
      "A state that was saved can be overwritten by somebody who never read it.",
      "The stored state can become unreadable or ambiguous.",
      "A lock can be removed or changed by somebody who does not own it.",
      "The lock of a job that is gone can stay for good, or be taken from a job that is alive.",
      "A job can fail or hang although the lock it waits for becomes free.",
      "A resource can exist that no state knows of, or be created twice.",
  };
  return kHeadlines[static_cast<std::size_t>(property)];
}

std::string prevention(const Scenario& scenario, const Counterexample& counterexample) {
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return exclusion(scenario, counterexample);
    case Property::exclusive_effects:
      if (unlocked(scenario)) return no_lock();
      return exclusion(scenario, counterexample) +
             " A fenced state write protects the state file; changes to infrastructure stay unprotected by "
             "any lock.";
    case Property::no_lost_update:
      return unlocked(scenario) ? no_lock() : fence(scenario);
    case Property::state_integrity:
      return integrity(scenario, counterexample);
    case Property::own_lock_only:
      return own_lock(scenario);
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

std::string_view target_name(models::UnlockTarget target) {
  constexpr std::array<std::string_view, 3> kNames{"dead", "unresponsive", "any"};
  return kNames[static_cast<std::size_t>(target)];
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  if (count % 1000 != 0) return fmt::format("{}ms", count);
  if (count == 0 || count % 60'000 != 0) return fmt::format("{}s", count / 1000);
  return count % 3'600'000 == 0 ? fmt::format("{}h", count / 3'600'000) : fmt::format("{}m", count / 60'000);
}

std::string bounds_text(const Scenario& scenario) {
  std::string text = fmt::format("{} client{}", scenario.client.count, scenario.client.count == 1 ? "" : "s");
  if (scenario.client.runs > 1) text += fmt::format(" with {} applies each", scenario.client.runs);
  text +=
      fmt::format(", {} resource{}", scenario.client.resources, scenario.client.resources == 1 ? "" : "s");
  bool any = false;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0) continue;
    text += fmt::format("{}{} {}", any ? ", " : "; at most ", sim::kFaultNames[kind],
                        scenario.faults.count[kind]);
    any = true;
  }
  if (!any) text += "; no faults";
  if (scenario.force_unlock.force_unlock > 0) {
    text += fmt::format("; {} force-unlock by an operator (of {} holders)",
                        scenario.force_unlock.force_unlock, target_name(scenario.force_unlock.target));
  }
  if (scenario.client.lock_timeout.count() > 0)
    text += "; -lock-timeout=" + duration_text(scenario.client.lock_timeout);
  if (scenario.time.ticks > 0) text += fmt::format("; {} clock ticks", scenario.time.ticks);
  return text;
}

}  // namespace lockstorm::reports
