#include "reports/story/narrative.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/story/cause.hpp"
#include "reports/story/command_advice.hpp"
#include "reports/story/fault_story.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/progress_story.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;

using EndHow = scenarios::EndFault::How;

using scenarios::kHoldsLock;
using scenarios::kWithoutLock;

std::string two_holders(const Steps& steps) {
  const Step& last = steps.back();
  const Step* other = last_before(steps, steps.size() - 1, [&](const Step& step) {
    return (step.note == kHoldsLock || step.note == kWithoutLock) && step.actor != last.actor;
  });
  if (other == nullptr)
    return fmt::format("{} goes ahead (step {}) while another client does, too.", last.actor, last.number);
  const std::string_view how = last.note == kWithoutLock ? "without a lock" : "as if it held the lock";
  if (last.note == other->note)
    return fmt::format("{} goes ahead {} (step {}) while {} does so, too (since step {}).", last.actor, how,
                       last.number, other->actor, other->number);
  return fmt::format(
      "{} goes ahead {} (step {}) while {} {} (since step {}).", last.actor, how, last.number, other->actor,
      other->note == kWithoutLock ? "is at work without a lock" : "believes that it holds the lock",
      other->number);
}

// A digest that is stored apart from the state tells a reader when the two do not fit.
bool keeps_digest(const Counterexample& counterexample) {
  return std::ranges::any_of(counterexample.steps,
                             [](const Step& step) { return step.about.object == "digest"; });
}

// A first write looks again and stores what somebody else has written meanwhile, in the place of its own.
std::string vanished_content(const Counterexample& counterexample, const std::string& actor) {
  constexpr std::string_view kEnd =
      ": the command ends with success, and what it was to save is stored nowhere.";
  if (const Step* torn = reads_torn_file(counterexample.steps); torn != nullptr && torn->actor == actor)
    return fmt::format("{} finds a file that does not parse (step {}) and leaves its write out{}", actor,
                       torn->number, kEnd);
  const Step* write = last_before(counterexample.steps, counterexample.steps.size(),
                                  [&](const Step& step) { return step.actor == actor && step.writes_state; });
  return fmt::format(
      "{}'s first save looks again, finds a state by then, and stores that{} in the place of its own{}",
      actor, write == nullptr ? "" : fmt::format(" (step {})", write->number), kEnd);
}

std::string lost_update(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (const std::string* saver = saver_of_nothing(counterexample))
    return vanished_content(counterexample, *saver);
  const Step* second = unread_overwrite(counterexample);
  if (second == nullptr) second = last_before(steps, steps.size(), writes_state);
  if (second == nullptr) return named_deed(steps.back()) + " replaces a state it has not read.";
  const Step* first = last_before(steps, second->number - 1, [&](const Step& step) {
    return writes_state(step) && step.actor != second->actor;
  });
  const Step* read = last_before(steps, second->number - 1, [&](const Step& step) {
    return step.actor == second->actor && step.reads_state && step.told.version.exists() &&
           step.note != scenarios::kOnlyCompares;
  });
  std::string text = named_deed(*second, " of the state");
  text += first == nullptr ? " replaces a saved state that its writer never read"
                           : fmt::format(" replaces what {} saved at step {}", first->actor, first->number);
  if (read != nullptr)
    text += fmt::format("; it is based on what {} read at step {}", second->actor, read->number);
  text += ". The changes in between are gone from the state";
  if (!keeps_digest(counterexample)) return text + ", and nobody is told.";
  return text +
         ". State and digest are saved one after the other: where the last ones of both fit together, nobody "
         "is told; where they do not, every later job fails to read the state.";
}

std::string left_behind(const Step& write) {
  return fmt::format(
      "{} saves (step {}) to the backend from which the state has been migrated away: nobody will look there "
      "any more, and nobody is told.",
      write.actor, write.number);
}

// "In the end s3 holds: state: serial 2 by client-1."
std::string end_of(const Counterexample& counterexample) {
  std::string text;
  for (const scenarios::ServiceView& view : final_views(counterexample)) {
    if (view.contents.empty() || view.service >= counterexample.services.size()) continue;
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", counterexample.services[view.service],
                        view.contents);
  }
  return text.empty() ? text : fmt::format(" What the services hold in the end: {}.", text);
}

std::string broken_state(const Counterexample& counterexample) {
  const Step& last = counterexample.steps.back();
  if (const std::string* reader = actor_wronged(counterexample, EndHow::mixed)) {
    return fmt::format(
        "{} takes no lock and reads the state while it is being replaced: what it reads is parts of two "
        "versions, it does not notice, and it goes on with that.",
        *reader);
  }
  if (is_write_skew(counterexample))
    return "Each has applied what it made of the other state as that was before: one after the other, in "
           "either "
           "order, the second one would have read what the first had changed. What the two states were made "
           "from "
           "fits no order.";
  if (writes_state(last))
    return named_deed(last) + " stores another content under a serial that is taken, or an older serial.";
  return "When nothing moves any more, what is stored does not fit together: every later job fails to read "
         "the state." +
         end_of(counterexample);
}

std::string foreign_lock(const Steps& steps) {
  const Step& last = steps.back();
  const Step* owner = last_before(
      steps, steps.size() - 1, [&](const Step& step) { return step.takes_lock && step.actor != last.actor; });
  std::string text = named_deed(last) + " hits a lock that is not the one it means";
  if (owner != nullptr) text += fmt::format(": {} took it at step {}", owner->actor, owner->number);
  return text + ".";
}

std::string unowned_change(const Steps& steps) {
  const Step& last = steps.back();
  if (is_late(last)) {
    return fmt::format("{} takes effect only now, when no lock record names {}.", named_deed(last),
                       last.actor);
  }
  const auto is_own = [&](const Step& step) { return step.takes_lock && step.actor == last.actor; };
  if (last_before(steps, steps.size(), is_own) == nullptr) {
    return fmt::format("{} goes on ({}, step {}), and no lock record names it.", last.actor, last.text,
                       last.number);
  }
  const Step* lost = last_before(steps, steps.size(), [&](const Step& step) {
    return step.frees && step.frees->slot == last.actor_slot;
  });
  if (lost != nullptr && last.sent < lost->number) {
    return fmt::format(
        "{}'s {}, sent (step {}) while the lock record still named it, takes effect (step {}) when it no "
        "longer "
        "does.",
        last.actor, deed(last), last.sent, last.number);
  }
  return fmt::format("{} goes on ({}, step {}), although by then the lock record no longer names it.",
                     last.actor, last.text, last.number);
}

std::string forgotten_resource(const Counterexample& counterexample) {
  const Step& last = counterexample.steps.back();
  if (creates_resource(last)) {
    return fmt::format("{} creates what exists already (step {}).", last.actor, last.number);
  }
  if (destroys_resource(last)) {
    return fmt::format(
        "{} {} (step {}): the state records it, so the plan of its apply contains its destruction, and "
        "nobody "
        "has said that it shall go.",
        last.actor, last.asked, last.number);
  }
  // A resource goes with the version of the state that knows of it.
  const bool is_overwritten = unread_overwrite(counterexample) != nullptr;
  return (is_overwritten ? lost_update(counterexample) + " " : std::string()) +
         "When nothing moves any more, a resource exists that neither the stored state nor an "
         "errored.tfstate records." +
         end_of(counterexample);
}

// "client-1 runs plan; client-2 runs apply. "
std::string cast(const Counterexample& counterexample) {
  std::string text;
  for (std::size_t i = 0; i < counterexample.commands.size(); ++i) {
    if (counterexample.commands[i].empty() || !counterexample.needs(i)) continue;
    text += fmt::format("{}{} runs {}", text.empty() ? "" : "; ", counterexample.actors[i],
                        counterexample.commands[i]);
  }
  return text.empty() ? text : text + ". ";
}

// "client-2 and client-3 play no part: without them the same happens. "
std::string extras(const Counterexample& counterexample) {
  const std::vector<std::size_t>& slots = counterexample.not_needed;
  std::string names;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::string_view between = i == 0 ? "" : i + 1 == slots.size() ? " and " : ", ";
    names += fmt::format("{}{}", between, counterexample.actors[slots[i]]);
  }
  if (slots.empty()) return {};
  return fmt::format(" {} {} no part: without {} the same happens.", names,
                     slots.size() == 1 ? "plays" : "play", slots.size() == 1 ? "it" : "them");
}

// Either the end shows a lock that stays, or the last step took one from somebody alive.
std::string lock_not_recovered(const Counterexample& counterexample) {
  if (std::ranges::find(counterexample.wrong, EndHow::not_cleared, &scenarios::EndFault::how) !=
      counterexample.wrong.end())
    return "When nothing moves any more, a lock is left that nobody will release, and force-unlock with the "
           "ID that is shown does not clear it.";
  const Step& last = counterexample.steps.back();
  return fmt::format("{} takes the lock from {}, which is alive.", named_deed(last),
                     last.frees ? last.frees->name : "its holder");
}

// Where nothing is told of what happened besides the clients' requests.
std::string without_events(const Counterexample& counterexample) {
  if (counterexample.adverse_events == 0) return "No fault is needed: the order of requests is enough. ";
  const bool acts = std::ranges::any_of(counterexample.steps, [](const Step& step) {
    return step.by_operator && !step.by_hand && step.adverse == scenarios::Adverse::intervention;
  });
  return acts ? "An operator runs force-unlock. " : "";
}

// The last step takes a plan to apply it, or reports what has not been applied.
std::string not_as_approved(const Counterexample& counterexample) {
  const Step& last = counterexample.steps.back();
  if (last.about.object == "plan")
    return fmt::format("{} takes a plan to apply it that was not made from the commit that was approved.",
                       last.actor);
  return fmt::format("{} reports success on the pull request, and what was approved has not been applied.",
                     last.actor);
}

std::string violation(const Counterexample& counterexample) {
  switch (counterexample.property) {
    case Property::mutual_exclusion:
      return two_holders(counterexample.steps);
    case Property::exclusive_effects:
      return unowned_change(counterexample.steps);
    case Property::no_lost_update:
      if (const Step* write = write_to_old_backend(counterexample)) return left_behind(*write);
      return lost_update(counterexample);
    case Property::state_integrity:
      return broken_state(counterexample);
    case Property::own_lock_only:
      return foreign_lock(counterexample.steps);
    case Property::stale_lock_recovery:
      return lock_not_recovered(counterexample);
    case Property::progress:
      return no_progress(counterexample);
    case Property::no_drift:
      return forgotten_resource(counterexample);
    case Property::lock_released:
      return lock_left(counterexample);
    case Property::approved_is_applied:
      return not_as_approved(counterexample);
  }
  return {};
}

}  // namespace

std::string_view headline_of(const Counterexample& whole) {
  const Counterexample counterexample = needed_part(whole);
  if (counterexample.steps.empty()) return headline(counterexample.property);
  if (counterexample.property == Property::progress) return progress_headline(counterexample);
  if (counterexample.property == Property::lock_released) return lock_released_headline(counterexample);
  if (counterexample.property == Property::no_lost_update && saver_of_nothing(counterexample) != nullptr)
    return "A command can end with success although what it was to save is stored nowhere.";
  if (counterexample.property == Property::state_integrity && is_write_skew(counterexample))
    return "Two states can be made from versions of each other that fit no order (write skew).";
  if (counterexample.property == Property::mutual_exclusion) {
    const auto is_without = [](const Step& step) { return step.note == kWithoutLock; };
    const auto is_with = [](const Step& step) { return step.note == kHoldsLock; };
    if (std::ranges::any_of(counterexample.steps, is_without)) {
      return std::ranges::any_of(counterexample.steps, is_with)
                 ? "An apply without a lock can run while another one holds the lock."
                 : "Two applies can run at the same time.";
    }
  }
  return headline(counterexample.property);
}

std::string why(const Counterexample& whole) {
  const Counterexample counterexample = needed_part(whole);
  const Steps& steps = counterexample.steps;
  std::string text;
  for (const Step& step : steps) {
    if (!step.is_time && !counterexample.needs(step.actor_slot)) continue;
    if (const std::string event = event_sentence(steps, step); !event.empty()) text += event + " ";
  }
  const std::string unlock = steps.empty() ? "" : force_unlock_sentence(steps);
  if (text.empty() && unlock.empty()) text = without_events(counterexample);
  if (!unlock.empty()) text += unlock + " ";
  text = cast(counterexample) + text;
  return steps.empty() ? "It shows before the first step."
                       : text + violation(counterexample) + extras(counterexample);
}

std::string decisive_moment(const Counterexample& counterexample) {
  if (counterexample.decisive_step == scenarios::kFromTheStart)
    return "Decisive moment: none. Every run violates it, whatever happens.";
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
