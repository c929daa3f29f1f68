#include "reports/prevention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/cause.hpp"
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

std::string late_request() {
  return "Nothing in the lock: a request that is under way cannot be called back. A fenced write would "
         "refuse a "
         "late state; a late change to infrastructure no lock can stop, so wait a few minutes after a job "
         "has died.";
}

// What removes the cause; nothing where the cause says no more than that the protocol allows it.
std::string against(const FoundCause& found, const Remedies& remedies) {
  switch (found.cause) {
    case Cause::order:
      return {};
    case Cause::no_lock:
      return remedies.no_lock;
    case Cause::read_before_lock:
      return "A state that is read once the lock is there: what was read before may be out of date by then.";
    case Cause::first_write:
      return "A state that exists before jobs run at once: create it once (`init`, or one apply alone). "
             "Whoever "
             "has seen that there is none writes without looking again.";
    case Cause::robbed:
      return robbed();
    case Cause::wrong_lock:
      return "A force-unlock that removes the lock whose ID it was given, and no other: the one that was "
             "meant had "
             "been released by then, and the next one was hit.";
    case Cause::dead_request:
    case Cause::late_request:
      return late_request();
    case Cause::session_ended:
      return remedies.session;
    case Cause::second_interrupt:
      return "One interrupt only, and time to stop after it: a second one makes the command release its lock "
             "while its calls are still under way.";
    case Cause::torn_file:
      return atomic_file();
  }
  return {};
}

std::string exclusion(const Remedies& remedies, const FoundCause& found) {
  if (std::string text = against(found, remedies); !text.empty()) return text;
  return remedies.broken_store.empty() ? remedies.exclusion : remedies.broken_store;
}

std::string effects(const Remedies& remedies, const FoundCause& found) {
  if (found.cause == Cause::no_lock || found.cause == Cause::late_request ||
      found.cause == Cause::dead_request)
    return against(found, remedies);
  return exclusion(remedies, found) +
         " A fenced state write protects the state file; changes to infrastructure stay unprotected by any "
         "lock.";
}

// Of an update that is lost: what takes away the cause, or else the fence, which refuses the write whatever
// the cause is.
std::string lost(const Remedies& remedies, const FoundCause& found) {
  switch (found.cause) {
    case Cause::no_lock:
    case Cause::read_before_lock:
    case Cause::first_write:
    case Cause::torn_file:
      return against(found, remedies);
    default:
      return remedies.fence;
  }
}

std::string own_lock(const Remedies& remedies, const Counterexample& counterexample) {
  if (counterexample.steps.back().about.lock == sim::LockUse::asks && !remedies.broken_store.empty())
    return remedies.broken_store;
  const std::string text =
      "A conditional delete: remove the lock only if it still is the one with the own ID, so that a repeated "
      "or late request "
      "does nothing.";
  return remedies.release.empty() ? text : text + " " + remedies.release;
}

std::string integrity(const Remedies& remedies, const Counterexample& counterexample,
                      const FoundCause& found) {
  if (found.cause == Cause::no_lock || found.cause == Cause::torn_file) return against(found, remedies);
  if (!remedies.split_state.empty() && !writes_state(counterexample.steps.back()))
    return remedies.split_state;
  return lost(remedies, found);
}

// Who has written an errored.tfstate that is gone with its runner, as far as the steps tell.
bool loses_errored_state(const Scenario& scenario, const Counterexample& counterexample) {
  const auto is_killed = [](const Step& step) {
    return !step.is_time && (step.kind == sim::MoveKind::crash || step.kind == sim::MoveKind::crash_lost);
  };
  return scenario.client.runner == scenarios::Runner::ephemeral &&
         std::ranges::none_of(counterexample.steps, is_killed) && unread_overwrite(counterexample) == nullptr;
}

std::string drift(const Scenario& scenario, const Remedies& remedies, const Counterexample& counterexample,
                  const FoundCause& found) {
  const Step& last = counterexample.steps.back();
  if (destroys_resource(last)) {
    return "A plan that somebody looks at before it is applied (`plan -out`, `apply PLANFILE`), or "
           "`prevent_destroy` on what must stay. Where the resource shall go, a scenario says so: `removes: "
           "[2]`.";
  }
  if (found.cause == Cause::torn_file) return atomic_file();
  if (creates_resource(last) && !is_late(last)) return exclusion(remedies, found);
  if (unread_overwrite(counterexample) != nullptr) return lost(remedies, found);
  if (found.cause == Cause::no_lock && counterexample.adverse_events == 0) return remedies.no_lock;
  if (loses_errored_state(scenario, counterexample)) {
    return "An errored.tfstate that outlives its job: keep it as an artifact of the job, or run on a machine "
           "that "
           "stays, and `state push` it before the next apply.";
  }
  return "Nothing in the backend: between the change and the next saved state only the job knows the "
         "resource. Find it by "
         "its tags and `import` it; give a killed job time to save its state before it is cut off.";
}

std::string progress(const Counterexample& counterexample) {
  if (const Step* shown = shown_itself(counterexample.steps)) {
    if (holds_by_another_id(counterexample.steps, *shown))
      return "Nothing in the IDs: the lock that stands in the way is the command's own, from creating the "
             "state, under "
             "another ID. A state that exists before jobs run needs no such lock; force-unlock with the ID "
             "shown clears "
             "it by hand.";
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
      if (!change.price.empty()) text += fmt::format(" Its price: {}.", change.price);
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
  const FoundCause found = cause_of(scenario, counterexample);
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return exclusion(remedies, found);
    case Property::exclusive_effects:
      return effects(remedies, found);
    case Property::no_lost_update:
      if (actor_wronged(counterexample, scenarios::EndFault::How::vanished) != nullptr &&
          !writes_state(counterexample.steps.back()))
        return "A first write that is made only where there is still nothing, and fails otherwise: the "
               "clients store "
               "what they find in the place of their own. A look at the state after the command (`state "
               "list`) "
               "shows it; create the state once, before jobs run.";
      return lost(remedies, found);
    case Property::state_integrity:
      return integrity(remedies, counterexample, found);
    case Property::own_lock_only:
      return own_lock(remedies, counterexample);
    case Property::stale_lock_recovery:
      return "A lock whose every part shows its holder's ID and that force-unlock can remove with exactly "
             "that ID.";
    case Property::progress:
      return progress(counterexample);
    case Property::no_drift:
      return drift(scenario, remedies, counterexample, found);
    case Property::lock_released:
      return lock_left_prevention(counterexample);
  }
  return {};
}

}  // namespace lockstorm::reports
