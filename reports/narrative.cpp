#include "reports/narrative.hpp"

#include <fmt/format.h>

#include "reports/command_advice.hpp"
#include "reports/step_queries.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;

constexpr std::string_view kHoldsLock = "believes it holds the lock";

// What the actor last did that had an effect: says where a crash or pause hits.
std::string after_what(const Steps& steps, const Step& fault) {
  const Step* last = last_effect_of_actor(steps, fault);
  return last == nullptr ? "" : fmt::format(" after its {} (step {})", deed(*last), last->number);
}

std::string fault_sentence(const Steps& steps, const Step& step) {
  const std::string call = fmt::format("{}'s {} (step {})", step.actor, deed(step), step.number);
  if (step.event == "crash")
    return fmt::format("{} is killed (step {}){}.", step.actor, step.number, after_what(steps, step));
  if (step.event == "pause")
    return fmt::format("{} freezes (step {}){}.", step.actor, step.number, after_what(steps, step));
  if (step.event == "interrupt") return fmt::format("{} is interrupted (step {}).", step.actor, step.number);
  if (step.event == "clock")
    return fmt::format("The clock of {} is wrong (step {}).", step.actor, step.number);
  if (step.event == "request lost") return fmt::format("The request {} never arrives.", call);
  if (step.event == "time-out")
    return fmt::format("{} gives up on its {} (step {}) while the request is still on its way.", step.actor,
                       deed(step), step.number);
  if (step.event == "server error") return fmt::format("The server refuses {} with an error.", call);
  if (step.event == "throttled") return fmt::format("The server throttles {}.", call);
  if (has(step, "response is lost")) return fmt::format("{} takes effect, but its response is lost.", call);
  if (has(step, "copy is still"))
    return fmt::format("{} takes effect, and a copy of it is still on its way.", call);
  return fmt::format("{} takes effect, but the server answers with an error.", call);
}

std::string force_unlock_sentence(const Steps& steps) {
  const Step* removal = force_unlock(steps);
  if (removal == nullptr) return {};
  return fmt::format("The operator runs force-unlock and removes {}'s lock (step {}).", removal->frees,
                     removal->number);
}

std::string two_holders(const Steps& steps) {
  const Step& last = steps.back();
  const Step* other = last_before(steps, steps.size() - 1, [&](const Step& step) {
    return step.note == kHoldsLock && step.actor != last.actor;
  });
  if (other == nullptr)
    return fmt::format("{} goes ahead (step {}) while another client does, too.", last.actor, last.number);
  return fmt::format("{} goes ahead as if it held the lock (step {}) while {} does so, too (since step {}).",
                     last.actor, last.number, other->actor, other->number);
}

std::string lost_update(const Steps& steps) {
  const Step* second = last_before(steps, steps.size(), writes_state);
  if (second == nullptr)
    return fmt::format("{}'s {} (step {}) replaces a state it has not read.", steps.back().actor,
                       deed(steps.back()), steps.back().number);
  const Step* first = last_before(steps, second->number - 1, [&](const Step& step) {
    return writes_state(step) && step.actor != second->actor;
  });
  const Step* read = last_before(steps, second->number - 1, [&](const Step& step) {
    return step.actor == second->actor && step.reads_state && has(step, "serial") &&
           step.note != scenarios::kOnlyCompares;
  });
  std::string text =
      fmt::format("{}'s {} of the state (step {})", second->actor, deed(*second), second->number);
  text += first == nullptr ? " replaces a saved state that it never read"
                           : fmt::format(" replaces what {} saved at step {}", first->actor, first->number);
  if (read != nullptr)
    text += fmt::format("; it is based on what {} read at step {}", second->actor, read->number);
  return text + ". The changes in between are gone from the state, and nobody is told.";
}

std::string left_behind(const Step& write) {
  return fmt::format(
      "{} saves (step {}) to the backend from which the state has been migrated away: nobody will look there "
      "any more, and nobody is told.",
      write.actor, write.number);
}

std::string broken_state(const Steps& steps) {
  const Step& last = steps.back();
  if (writes_state(last)) {
    return fmt::format(
        "{}'s {} (step {}) stores another content under a serial that is taken, or an older serial.",
        last.actor, deed(last), last.number);
  }
  return "When nothing moves any more, what is stored does not fit together: every later job fails to read "
         "the state.";
}

std::string foreign_lock(const Steps& steps) {
  const Step& last = steps.back();
  const Step* owner = last_before(
      steps, steps.size() - 1, [&](const Step& step) { return step.takes_lock && step.actor != last.actor; });
  std::string text = fmt::format("{}'s {} (step {}) hits a lock that is not the one it means", last.actor,
                                 deed(last), last.number);
  if (owner != nullptr) text += fmt::format(": {} took it at step {}", owner->actor, owner->number);
  return text + ".";
}

std::string no_progress(const Steps& steps) {
  if (const Step* own = shown_itself(steps)) {
    return fmt::format(
        "{} asks who holds the lock and is shown itself (step {}): it takes its own lock for somebody else's "
        "and waits or "
        "fails.",
        own->actor, own->number);
  }
  if (const Step* nobody = shown_nobody(steps)) {
    return fmt::format(
        "{} is told that the lock is taken, but when it asks by whom (step {}) nothing is said about it; it "
        "stops instead of trying again.",
        nobody->actor, nobody->number);
  }
  if (const Step* torn = reads_torn_file(steps)) {
    return fmt::format(
        "{} reads the state while it is being written (step {}), before it asks for any lock, and fails.",
        torn->actor, torn->number);
  }
  return "From there on somebody fails or waits although the lock becomes free.";
}

std::string unowned_change(const Steps& steps) {
  const Step& last = steps.back();
  if (is_late(last)) {
    return fmt::format(
        "A request that {} had sent before takes effect only now (step {}), when no lock record names it.",
        last.actor, last.number);
  }
  return fmt::format("{} goes on ({}, step {}), although by then the lock record no longer names it.",
                     last.actor, last.text, last.number);
}

std::string forgotten_resource(const Steps& steps) {
  const Step& last = steps.back();
  if (last.operation.starts_with("Create")) {
    return fmt::format("{} creates what exists already (step {}).", last.actor, last.number);
  }
  return "When nothing moves any more, a resource exists that neither the stored state nor an "
         "errored.tfstate records.";
}

// "client-1 runs plan; client-2 runs apply. "
std::string cast(const Counterexample& counterexample) {
  std::string text;
  for (std::size_t i = 0; i < counterexample.commands.size(); ++i) {
    if (counterexample.commands[i].empty()) continue;
    text += fmt::format("{}{} runs {}", text.empty() ? "" : "; ", counterexample.actors[i],
                        counterexample.commands[i]);
  }
  return text.empty() ? text : text + ". ";
}

std::string violation(const Counterexample& counterexample) {
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return two_holders(counterexample.steps);
    case Property::exclusive_effects:
      return unowned_change(counterexample.steps);
    case Property::no_lost_update:
      if (const Step* write = write_to_old_backend(counterexample)) return left_behind(*write);
      return lost_update(counterexample.steps);
    case Property::state_integrity:
      return broken_state(counterexample.steps);
    case Property::own_lock_only:
      return foreign_lock(counterexample.steps);
    case Property::stale_lock_recovery:
      return "When nothing moves any more, a lock is left that nobody will release, and force-unlock with "
             "the ID that is shown does "
             "not clear it, or it was taken from somebody alive.";
    case Property::progress:
      return no_progress(counterexample.steps);
    case Property::no_drift:
      return forgotten_resource(counterexample.steps);
  }
  return {};
}

}  // namespace

std::string why(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  std::string text;
  for (const Step& step : steps) {
    if (step.is_fault) text += fault_sentence(steps, step) + " ";
  }
  const std::string unlock = steps.empty() ? "" : force_unlock_sentence(steps);
  if (text.empty() && unlock.empty()) text = "No fault is needed: the order of requests is enough. ";
  if (!unlock.empty()) text += unlock + " ";
  text = cast(counterexample) + text;
  return steps.empty() ? "It shows before the first step." : text + violation(counterexample);
}

std::string decisive_moment(const Counterexample& counterexample) {
  if (counterexample.decisive_step == 0 || counterexample.decisive_step > counterexample.steps.size()) {
    return "Decisive moment: not determined, the search for a way out grew too large.";
  }
  const Step& step = counterexample.steps[counterexample.decisive_step - 1];
  const std::string place =
      fmt::format("Decisive moment: step {}, {}: {}.", step.number, step.actor, step.text);
  if (counterexample.decisive_step == counterexample.steps.size())
    return place + " Until then it could still end well.";
  return place + " Before it some continuations end well; after it none does.";
}

}  // namespace lockstorm::reports
