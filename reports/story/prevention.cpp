#include "reports/story/prevention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/advice/backend_advice.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/cause.hpp"
#include "reports/story/command_advice.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/progress_story.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"
#include "scenarios/files/world_name.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;
using scenarios::Scenario;

// What removes the cause; nothing where the cause says no more than that the protocol allows it.
std::string against(Cause found, const Remedies& remedies) {
  switch (found) {
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
      return "Force-unlock only once the job is known to be gone: a lock that is removed from a live or "
             "paused "
             "job does not stop "
             "that job.";
    case Cause::wrong_lock:
      return "A force-unlock that removes the lock whose ID it was given, and no other: the one that was "
             "meant had "
             "been released by then, and the next one was hit.";
    case Cause::shown_mixture:
      return "An ID that comes with its lock's info in one answer: this backend reads them in two requests, "
             "and the lock may change hands between. Look again right before force-unlock.";
    case Cause::late_request:
      return "Nothing in the lock: a request that is under way cannot be called back. A fenced write would "
             "refuse a "
             "late state; a late change to infrastructure no lock can stop, so wait a few minutes after a "
             "job "
             "has died.";
    case Cause::session_ended:
      return remedies.session;
    case Cause::silent_holder:
      return remedies.silence;
    case Cause::second_interrupt:
      return "One interrupt only, and time to stop after it: a second one makes the command release its lock "
             "while its calls are still under way.";
    case Cause::torn_file:
      return std::string(atomic_file());
  }
  return {};
}

std::string exclusion(const Remedies& remedies, Cause found) {
  if (std::string text = against(found, remedies); !text.empty()) return text;
  return remedies.broken_store.empty() ? remedies.exclusion : remedies.broken_store;
}

std::string effects(const Remedies& remedies, Cause found) {
  if (found == Cause::no_lock || found == Cause::late_request) return against(found, remedies);
  return exclusion(remedies, found) +
         " A fenced state write protects the state file; changes to infrastructure stay unprotected by any "
         "lock.";
}

// Of an update that is lost: what takes away the cause, or else the fence, which refuses the write whatever
// the cause is.
std::string lost(const Remedies& remedies, Cause found) {
  switch (found) {
    case Cause::no_lock:
    case Cause::read_before_lock:
    case Cause::first_write:
    case Cause::torn_file:
      return against(found, remedies);
    default:
      return remedies.fence;
  }
}

std::string own_lock(const Remedies& remedies, const Counterexample& counterexample, Cause found) {
  if (found == Cause::shown_mixture) return against(found, remedies);
  const sim::LockUse use = counterexample.steps.back().about.lock;
  if (use == sim::LockUse::asks && !remedies.broken_store.empty()) return remedies.broken_store;
  if (use != sim::LockUse::releases)
    return "A conditional write of the lock's record: only while the one that it names holds the lock.";
  const std::string text =
      "A conditional delete: remove the lock only if it still is the one with the own ID, so that a repeated "
      "or late request "
      "does nothing.";
  return remedies.release.empty() ? text : text + " " + remedies.release;
}

std::string integrity(const Remedies& remedies, const Counterexample& counterexample, Cause found) {
  if (is_write_skew(counterexample))
    return "One order for both: a queue or concurrency group that the jobs of the two states have in common, "
           "or no "
           "reading in a circle. The lock of each state excludes nobody who works on the other one.";
  if (found == Cause::no_lock || found == Cause::torn_file) return against(found, remedies);
  if (!remedies.split_state.empty() && !writes_state(counterexample.steps.back()))
    return remedies.split_state;
  return lost(remedies, found);
}

// Whether an errored.tfstate is gone with the runner of the job that wrote it, as far as the steps tell.
bool loses_errored_state(const Scenario& scenario, const Counterexample& counterexample) {
  return scenario.client.runner == scenarios::Runner::ephemeral && !kills_somebody(counterexample.steps);
}

// Of a resource that is created twice: no lock helps where the job that created it first never gets to save
// it. Empty: it has saved it, or goes on.
std::string created_unsaved(const Remedies& remedies, const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  const Step* first = last_before(steps, steps.size() - 1,
                                  [](const Step& step) { return is_effect(step) && creates_resource(step); });
  if (first == nullptr) return {};
  const auto does_later = [&](const auto& fits) {
    return std::ranges::any_of(steps, [&](const Step& step) {
      return !step.is_time && step.number > first->number && step.actor_slot == first->actor_slot &&
             fits(step);
    });
  };
  if (does_later(writes_state)) return {};
  if (std::ranges::any_of(
          steps, [&](const Step& step) { return is_kill(step) && step.actor_slot == first->actor_slot; }))
    return "Give a killed job time to stop, and import what the state does not know before the next apply.";
  if (interrupts_of(steps, first->actor_slot) > 1) return against(Cause::second_interrupt, remedies);
  if (!is_late(*first) && does_later([](const Step& step) { return step.note == scenarios::kEnds; }))
    return "The errored.tfstate of the job that could not save: keep it as an artifact and push it before "
           "the "
           "next apply.";
  return {};
}

std::string drift(const Scenario& scenario, const Remedies& remedies, const Counterexample& counterexample,
                  Cause found) {
  const Step& last = counterexample.steps.back();
  if (destroys_resource(last)) {
    return "A plan that somebody looks at before it is applied (`plan -out`, `apply PLANFILE`), or "
           "`prevent_destroy` on what must stay. Where the resource shall go, a scenario says so: `removes: "
           "[2]`.";
  }
  if (found == Cause::torn_file) return std::string(atomic_file());
  if (creates_resource(last) && !is_late(last)) {
    if (std::string text = created_unsaved(remedies, counterexample); !text.empty()) return text;
    return exclusion(remedies, found);
  }
  if (unread_overwrite(counterexample) != nullptr) return lost(remedies, found);
  if (found == Cause::no_lock && counterexample.adverse_events == 0) return remedies.no_lock;
  if (found == Cause::second_interrupt) return against(found, remedies);
  if (loses_errored_state(scenario, counterexample)) {
    return "An errored.tfstate that outlives its job: keep it as an artifact of the job, or run on a machine "
           "that "
           "stays, and `state push` it before the next apply.";
  }
  const std::string_view spare = kills_somebody(counterexample.steps)
                                     ? "; give a killed job time to save its state before it is cut off"
                                     : "";
  return fmt::format(
      "Nothing in the backend: between the change and the next saved state only the job knows the resource. "
      "Find it by its tags and `import` it{}.",
      spare);
}

// Whoever audits a configuration has no scenario to write the setting into.
std::string rule_and_setting(const scenarios::TriedChange& change, bool is_audit) {
  if (is_audit && change.in_audit.empty()) return change.rule;
  return fmt::format("{} ({})", change.rule,
                     is_audit ? change.in_audit : fmt::format("`{}`", change.setting));
}

// What people do to a store while jobs may run is theirs to leave.
std::optional<std::string> hands_off(const Counterexample& counterexample) {
  const auto decision = std::ranges::find_if(counterexample.steps, [](const Step& step) {
    return step.by_hand && !takes_lock_away(*step.by_hand) && step.decides_to_act;
  });
  if (decision == counterexample.steps.end()) return std::nullopt;
  if (decision->by_hand == models::HandAct::restore_state)
    return "An older version is put back under the lock: `terraform state pull` to keep what is there, then "
           "`state "
           "push` of the older one while no job runs, and a plan to see what it does not know.";
  return "Hands off the store while jobs may run: the tools' own commands (`state push`, `workspace delete`, "
         "`force-unlock`) take the lock or look at it, and a versioned bucket keeps what was deleted.";
}

// What was answered as if it had been done was not: whoever goes by the answer cannot know.
std::optional<std::string> unreliable_answer(const Counterexample& counterexample) {
  const bool is_dropped = std::ranges::any_of(
      counterexample.steps, [](const Step& step) { return step.kind == sim::MoveKind::effect_dropped; });
  if (!is_dropped) return std::nullopt;
  return "A way to the store on which no answer is made up: nothing that answers 200 in its place (a proxy, "
         "a "
         "cache, a gateway). No lock helps a client that is told of a success that was none.";
}

// Whoever keeps locks in its memory for want of a database shares them with nobody.
std::optional<std::string> without_database(const Scenario& scenario, const Counterexample& counterexample) {
  using Rules = models::OrchestratorRules;
  if (!scenario.orchestrator || scenario.orchestrator->without_database != Rules::WithoutDatabase::memory)
    return std::nullopt;
  const bool has_failed = std::ranges::any_of(counterexample.steps, [](const Step& step) {
    return step.adverse == scenarios::Adverse::store_event && step.service == models::Orchestrator::kName;
  });
  if (!has_failed) return std::nullopt;
  return "An orchestrator that begins nothing while it cannot reach its database of locks (without_database: "
         "refuses), or a lock of the state beside its own: what one replica keeps in its memory the others "
         "do "
         "not see.";
}

// Two tables exclude nobody from each other, and each knows only the digest of its own jobs' states.
std::optional<std::string> several_tables(const Scenario& scenario, const Counterexample& counterexample) {
  const bool is_about_it = counterexample.property == Property::mutual_exclusion ||
                           counterexample.property == Property::exclusive_effects ||
                           counterexample.property == Property::no_lost_update ||
                           counterexample.property == Property::state_integrity;
  const std::vector<scenarios::Fleet> fleets = scenario.all_fleets();
  const bool are_several =
      std::ranges::any_of(fleets, [](const scenarios::Fleet& fleet) { return fleet.client.lock_table > 0; });
  if (!is_about_it || !are_several || counterexample.adverse_events > 0) return std::nullopt;
  return "One table of locks for all jobs of a state: the same `dynamodb_table` (or `tablestore_table`) in "
         "every block that names it, or `use_lockfile` without a table, whose lock lies beside the state.";
}

}  // namespace

std::string tried_changes(const Scenario& scenario, const Counterexample& counterexample) {
  const bool is_audit = scenarios::is_world_name(scenario.name);
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
  add(not_enough, text.empty() ? fmt::format("Tried, and none makes {} hold",
                                             checkers::property_name(counterexample.property))
                               : "Not enough by itself");
  add(by_nobody, "Lets no job succeed");
  add(too_large, "Too large to try");
  return text;
}

namespace {

// Somebody reads another state without its lock, while that is replaced.
bool reads_a_mixture_elsewhere(const Scenario& scenario, const Counterexample& counterexample) {
  const std::vector<scenarios::Fleet> fleets = scenario.all_fleets();
  const bool anybody_reads = std::ranges::any_of(
      fleets, [](const scenarios::Fleet& fleet) { return fleet.client.reads_other_state; });
  return anybody_reads && actor_wronged(counterexample, scenarios::EndFault::How::mixed) != nullptr;
}

// By what the orchestrator does otherwise than it could.
std::string not_as_approved_prevention(const Scenario& scenario, const Counterexample& counterexample) {
  using Rules = models::OrchestratorRules;
  if (counterexample.steps.back().about.object != "plan")
    return "An apply that fails where it finds no plan (without_plan: refuses), and an unlock that deletes "
           "the plans "
           "of its own directory only.";
  const Rules rules = scenario.orchestrator.value_or(Rules{});
  if (rules.approval != Rules::Approval::newest)
    return "An apply that asks for an approval of the newest commit (approval: newest): a push takes earlier "
           "ones "
           "back.";
  if (rules.keeps_dropped_plans)
    return "A planning round that deletes the plans which its commit does not touch any more "
           "(keeps_dropped_plans: false).";
  return "A lock of the working directory that all replicas have in common (directory_lock: database): what "
         "is checked "
         "before an apply is then what is applied.";
}

}  // namespace

std::string prevention(const Scenario& scenario, const Counterexample& whole) {
  const Counterexample counterexample = needed_part(whole);
  if (counterexample.steps.empty()) return "Nothing: it shows before the first step.";
  if (const auto advice = hands_off(counterexample)) return *advice;
  if (const auto advice = unreliable_answer(counterexample)) return *advice;
  if (const auto advice = without_database(scenario, counterexample)) return *advice;
  if (const auto advice = command_prevention(scenario, counterexample)) return *advice;
  if (const auto advice = several_tables(scenario, counterexample)) return *advice;
  const Remedies remedies = remedies_of(scenario.backend, scenario.client.tool);
  const Cause found = cause_of(scenario, counterexample);
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return exclusion(remedies, found);
    case Property::exclusive_effects:
      return effects(remedies, found);
    case Property::no_lost_update:
      if (saver_of_nothing(counterexample) != nullptr)
        return "A first write that is made only where there is still nothing, and fails otherwise: the "
               "clients store "
               "what they find in the place of their own. A look at the state after the command (`state "
               "list`) "
               "shows it; create the state once, before jobs run.";
      return lost(remedies, found);
    case Property::state_integrity:
      if (reads_a_mixture_elsewhere(scenario, counterexample))
        return "A read in one piece, as OpenTofu's, or under the lock of the state that is read.";
      return integrity(remedies, counterexample, found);
    case Property::own_lock_only:
      return own_lock(remedies, counterexample, found);
    case Property::stale_lock_recovery:
      return "A lock whose every part shows its holder's ID and that force-unlock can remove with exactly "
             "that ID.";
    case Property::progress:
      return progress_prevention(counterexample);
    case Property::no_drift:
      return drift(scenario, remedies, counterexample, found);
    case Property::lock_released:
      return lock_left_prevention(counterexample);
    case Property::approved_is_applied:
      return not_as_approved_prevention(scenario, counterexample);
  }
  return {};
}

}  // namespace lockstorm::reports
