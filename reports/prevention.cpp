#include "reports/prevention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/command_advice.hpp"
#include "reports/layout.hpp"
#include "reports/left_lock_story.hpp"
#include "reports/step_queries.hpp"
#include "scenarios/audit_name.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;
using scenarios::Remedies;
using scenarios::Scenario;

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

std::string exclusion(const Remedies& remedies, const Counterexample& counterexample) {
  const auto is_interrupt = [](const Step& step) { return step.event == "interrupt"; };
  if (!remedies.no_lock.empty()) return remedies.no_lock;
  if (!remedies.broken_store.empty()) return remedies.broken_store;
  if (force_unlock(counterexample.steps) != nullptr) return robbed();
  if (std::ranges::any_of(counterexample.steps, is_interrupt)) {
    return "One interrupt only, and time to stop after it: a second one makes the command release its lock "
           "while its calls "
           "are still under way.";
  }
  return remedies.exclusion;
}

std::string effects(const Remedies& remedies, const Counterexample& counterexample) {
  if (!remedies.no_lock.empty()) return remedies.no_lock;
  const Step& last = counterexample.steps.back();
  if (is_late(last) && last.belated != scenarios::Belated::sender_froze) {
    return "Nothing in the lock: a request that is under way cannot be called back. A fenced write would "
           "refuse a late state; "
           "a late change to infrastructure no lock can stop, so wait a few minutes after a job has died.";
  }
  return exclusion(remedies, counterexample) +
         " A fenced state write protects the state file; changes to infrastructure stay unprotected by any "
         "lock.";
}

std::string own_lock(const Remedies& remedies, const Counterexample& counterexample) {
  if (counterexample.steps.back().operation.starts_with("Put") && !remedies.broken_store.empty())
    return remedies.broken_store;
  const std::string text =
      "A conditional delete: remove the lock only if it still is the one with the own ID, so that a repeated "
      "or late request "
      "does nothing.";
  return remedies.release.empty() ? text : text + " " + remedies.release;
}

std::string integrity(const Remedies& remedies, const Counterexample& counterexample) {
  if (!remedies.no_lock.empty()) return remedies.no_lock;
  if (tears_file(counterexample.steps) != nullptr) return atomic_file();
  if (!remedies.split_state.empty() && !writes_state(counterexample.steps.back()))
    return remedies.split_state;
  return remedies.fence;
}

std::string drift(const Remedies& remedies, const Counterexample& counterexample) {
  if (!remedies.no_lock.empty() && counterexample.adverse_events == 0) return remedies.no_lock;
  if (tears_file(counterexample.steps) != nullptr) return atomic_file();
  if (counterexample.steps.back().operation.starts_with("Delete")) {
    return "A plan that somebody looks at before it is applied (`plan -out`, `apply PLANFILE`), or "
           "`prevent_destroy` on what must stay. Where the resource shall go, a scenario says so: `removes: "
           "[2]`.";
  }
  const bool twins = counterexample.steps.back().operation.starts_with("Create");
  if (twins && !is_late(counterexample.steps.back()) && counterexample.adverse_events == 0)
    return exclusion(remedies, counterexample);
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

// Whoever audits a configuration has no scenario to write the setting into.
std::string rule_and_setting(const scenarios::TriedChange& change, bool is_audit) {
  if (is_audit && change.in_audit.empty()) return change.rule;
  return fmt::format("{} ({})", change.rule,
                     is_audit ? change.in_audit : fmt::format("`{}`", change.setting));
}

}  // namespace

std::string tried_changes(const Scenario& scenario, const Counterexample& counterexample) {
  const bool is_audit = scenarios::is_audit_name(scenario.name);
  std::vector<std::string> not_enough;
  std::vector<std::string> too_large;
  std::vector<std::string> by_nobody;
  std::string text;
  for (const scenarios::TriedChange& change : counterexample.tried) {
    if (change.verdict == scenarios::Verdict::held) {
      text = fmt::format("Found by trying: {}; {} then holds in all {} states.",
                         rule_and_setting(change, is_audit), checkers::property_name(counterexample.property),
                         grouped(change.states));
    } else {
      (change.verdict == scenarios::Verdict::violated  ? not_enough
       : change.verdict == scenarios::Verdict::invalid ? by_nobody
                                                       : too_large)
          .push_back(is_audit ? rule_and_setting(change, is_audit) : fmt::format("`{}`", change.setting));
    }
  }
  const auto add = [&](const std::vector<std::string>& changes, std::string_view what) {
    if (!changes.empty())
      text +=
          fmt::format("{}{}: {}.", text.empty() ? "" : " ", what, fmt::join(changes, is_audit ? "; " : ", "));
  };
  add(not_enough, text.empty() ? "Tried, and none is enough" : "Not enough by itself");
  add(by_nobody, "Lets no job succeed");
  add(too_large, "Too large to try");
  return text;
}

std::string prevention(const Scenario& scenario, const Counterexample& counterexample) {
  if (counterexample.steps.empty()) return "Nothing: it shows before the first step.";
  if (const auto advice = command_prevention(scenario, counterexample)) return *advice;
  const Remedies remedies = scenario.backend->remedies(scenario.client.tool);
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return exclusion(remedies, counterexample);
    case Property::exclusive_effects:
      return effects(remedies, counterexample);
    case Property::no_lost_update:
      if (counterexample.ended &&
          std::ranges::find(counterexample.vanished, true) != counterexample.vanished.end() &&
          !writes_state(counterexample.steps.back()))
        return "A first write that is made only where there is still nothing, and fails otherwise: the "
               "clients store "
               "what they find in the place of their own. A look at the state after the command (`state "
               "list`) "
               "shows it; create the state once, before jobs run.";
      if (tears_file(counterexample.steps) != nullptr) return atomic_file();
      return remedies.no_lock.empty() ? remedies.fence : remedies.no_lock;
    case Property::state_integrity:
      return integrity(remedies, counterexample);
    case Property::own_lock_only:
      return own_lock(remedies, counterexample);
    case Property::stale_lock_recovery:
      return "A lock whose every part shows its holder's ID and that force-unlock can remove with exactly "
             "that ID.";
    case Property::progress:
      return progress(counterexample);
    case Property::no_drift:
      return drift(remedies, counterexample);
    case Property::lock_released:
      return lock_left_prevention(counterexample);
  }
  return {};
}

}  // namespace lockstorm::reports
