#include "reports/story/left_lock_story.hpp"

#include <fmt/format.h>

#include <array>

#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Counterexample;
using scenarios::LeftLock;
using scenarios::Recovery;
using scenarios::Scenario;

using LeftHow = LeftLock::How;

// "applied, could not unlock"
std::string outcome_words(const LeftLock& left) {
  return left.outcome.describe(sim::SpecNames(sim::WorldSpec{}));
}

std::string actor_of(const Counterexample& counterexample, const LeftLock& left) {
  return left.slot < counterexample.actors.size() ? counterexample.actors[left.slot] : "a job";
}

// "client-1 takes its own lock for somebody else's (step 9) and fails", or what else it does not know.
std::string unaware(const Counterexample& counterexample, const LeftLock& left) {
  const std::string actor = actor_of(counterexample, left);
  if (left.outcome.own_lock_shown != 0) {
    const Step* shown = shown_itself(counterexample.steps, left.slot);
    return fmt::format("{} is shown its own lock{}, takes it for somebody else's and ends", actor,
                       shown == nullptr ? "" : fmt::format(" (step {})", shown->number));
  }
  const Step* own = last_before(counterexample.steps, counterexample.steps.size(),
                                [&](const Step& step) { return step.actor == actor && step.takes_lock; });
  if (own == nullptr) return fmt::format("{} ends without knowing that a lock bears its ID", actor);
  return fmt::format("{} ends without releasing the lock that it was given (step {})", actor, own->number);
}

std::string deed_of(const Counterexample& counterexample, const LeftLock& left) {
  const std::string actor = actor_of(counterexample, left);
  switch (left.how) {
    case LeftHow::still_named:
      return fmt::format(
          "{}'s force-unlock reports success, and the lock's record names the ID that it was given as "
          "before: "
          "nothing has been removed.",
          actor);
    case LeftHow::kept_on_purpose:
      return fmt::format(
          "{} could not upload its state and keeps the lock on purpose: nobody shall apply before its "
          "errored.tfstate has been pushed.",
          actor);
    case LeftHow::no_way:
      return fmt::format(
          "{} ends as if it had unlocked; its configuration says nowhere how, so that the lock stays.",
          actor);
    case LeftHow::unlock_failed:
      return fmt::format("{} ends ({}), and its lock stays: a release that fails is not tried again.", actor,
                         outcome_words(left));
    case LeftHow::unaware:
      return unaware(counterexample, left) + ".";
    case LeftHow::nobodys:
      return "Every job has ended by itself, and what is left of a lock bears nobody's ID.";
  }
  return {};
}

std::string way_out(const LeftLock& left) {
  if (left.how == LeftHow::still_named) return {};
  if (left.cleared)
    return " Every later job is refused until somebody runs force-unlock with the ID that is shown.";
  if (left.has_id)
    return " Every later job is refused, and force-unlock with the ID that is shown does not help.";
  return " Every later job is refused, and no ID is shown to give to force-unlock.";
}

std::string unaware_prevention(const Counterexample& counterexample, const LeftLock& left) {
  if (interrupts_of(counterexample.steps, left.slot) > 1)
    return "One interrupt only, and time to stop after it: a second one ends the command before it can "
           "unlock.";
  if (!left.has_id)
    return "Nothing that force-unlock can do: no ID is shown. Remove the lock where it is kept.";
  if (left.outcome.own_lock_shown == 0) {
    return fmt::format(
        "A look for its own lock when the job has ended: it does not know that the lock was granted.{}",
        left.cleared ? " Force-unlock with the ID that is shown clears it." : "");
  }
  return fmt::format(
      "An owner check: a refused acquire that shows the client's own ID means success. The clients do not "
      "compare it{}.",
      left.cleared ? "; force-unlock with the ID shown clears the lock by hand" : "");
}

const LeftLock* told(const Counterexample& counterexample) {
  return counterexample.left_locks.empty() ? nullptr : &counterexample.left_locks.front();
}

}  // namespace

std::string_view how_left_name(LeftHow how) {
  constexpr auto kNames = sim::text_for_each<LeftHow>(
      {"unlock-failed", "kept-on-purpose", "no-way", "unaware", "nobodys", "still-named"});
  return kNames[static_cast<std::size_t>(how)];
}

std::string_view lock_released_headline(const Counterexample& counterexample) {
  if (const LeftLock* left = told(counterexample)) {
    if (left->how == LeftHow::still_named) return "Force-unlock can report success and remove nothing.";
    if (left->how == LeftHow::kept_on_purpose)
      return "A job whose upload has failed keeps its lock on purpose: nobody gets the lock until it is "
             "removed by hand.";
  }
  return headline(checkers::Property::lock_released);
}

std::string lock_left(const Counterexample& counterexample) {
  const LeftLock* left = told(counterexample);
  if (left == nullptr) return "When nothing moves any more, a lock of a command that has ended is left.";
  return deed_of(counterexample, *left) + way_out(*left);
}

std::string lock_left_prevention(const Counterexample& counterexample) {
  const LeftLock* left = told(counterexample);
  switch (left == nullptr ? LeftHow::unaware : left->how) {
    case LeftHow::still_named:
      return "Nothing in the command: look whether the lock is still there after a force-unlock, and remove "
             "it "
             "where it is kept.";
    case LeftHow::kept_on_purpose:
      return "Nothing: it is meant so. Push errored.tfstate (`state push`) first, then force-unlock.";
    case LeftHow::no_way:
      return "An address to unlock at, in the same backend block as the one to lock at.";
    case LeftHow::unlock_failed:
      return "A release that is tried again: the tools ask once. A step of the job that looks for its own "
             "lock "
             "when the job has ended, and runs force-unlock with its ID, does the same.";
    case LeftHow::unaware:
      return left == nullptr ? "A look at the lock where it is kept when the job has ended."
                             : unaware_prevention(counterexample, *left);
    case LeftHow::nobodys:
      return "A lock whose every part shows its holder's ID, and goes with it.";
  }
  return {};
}

std::string_view recovery_name(Recovery recovery) {
  constexpr auto kNames = sim::text_for_each<Recovery>({"nobody", "time", "person", "no-way"});
  return kNames[static_cast<std::size_t>(recovery)];
}

std::string recovery_command(const Scenario& scenario) {
  if (!scenario.backend->traits().runs_commands) return {};
  const std::string_view tool = scenario.client.tool == models::Dialect::terraform ? "terraform" : "tofu";
  return fmt::format("{} force-unlock {}", tool, scenario.backend->traits().lock_id_word);
}

std::string recovery_words(const Scenario& scenario, Recovery recovery) {
  if (scenario.faults[sim::Fault::crash] == 0) return {};
  switch (recovery) {
    case Recovery::nobody:
      return "nobody has to act";
    case Recovery::time:
      return "nobody has to act, others wait";
    case Recovery::person:
      return "a person has to act";
    case Recovery::no_way:
      return {};
  }
  return {};
}

std::string recovery_text(const Scenario& scenario, Recovery recovery) {
  if (scenario.faults[sim::Fault::crash] == 0) return {};
  if (recovery == Recovery::time)
    return fmt::format("The lock of a killed job is free {}; nobody has to act.",
                       scenario.backend->traits().lock_lasts);
  if (recovery != Recovery::person) return {};
  const std::string command = recovery_command(scenario);
  if (command.empty()) return "The lock of a killed job stays until a person removes it by hand.";
  return fmt::format(
      "The lock of a killed job stays until a person acts: `{}`, with the ID that the message of a refused "
      "job "
      "shows, and only when the job is known to be gone.",
      command);
}

}  // namespace lockstorm::reports
