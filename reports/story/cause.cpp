#include "reports/story/cause.hpp"

#include <algorithm>

#include "reports/advice/backend_advice.hpp"

namespace lockstorm::reports {
namespace {

using models::Choice;
using scenarios::Adverse;
using scenarios::Counterexample;
using scenarios::Scenario;
using sim::LockUse;
using sim::MoveKind;

bool is_dead_by(const Steps& steps, const std::string& actor, std::size_t number) {
  return std::ranges::any_of(
      steps, [&](const Step& step) { return is_kill(step) && step.actor == actor && step.number < number; });
}

// What the operator was answered when it looked for a lock.
bool is_look_of(const Step& step, const Step& removal) {
  return !step.is_time && step.actor_slot == removal.actor_slot && step.about.lock == LockUse::looks &&
         (step.kind == MoveKind::effect || step.kind == MoveKind::effect_duplicated);
}

// Whose lock the operator had seen before it acted, and whether the one that it removed was there by the time
// that it had all of the answer: then its ID is of that one, whatever name it came with.
Cause of_live_removal(const Counterexample& counterexample, const Step& removal) {
  const Steps& steps = counterexample.steps;
  const Step* named = last_before(steps, removal.number - 1, [&](const Step& step) {
    return is_look_of(step, removal) && !step.told.shows.is_nobody();
  });
  if (named == nullptr) return Cause::robbed;
  const std::size_t shown = named->told.shows.slot();
  if (shown == removal.frees->slot) return Cause::robbed;
  const Step* rest = last_before(steps, removal.number - 1, [&](const Step& step) {
    return is_look_of(step, removal) && !step.told.is_refusal;
  });
  const Step* taken = last_before(steps, removal.number - 1, [&](const Step& step) {
    return step.takes_lock && step.actor_slot == removal.frees->slot;
  });
  const bool is_between =
      taken != nullptr && rest != nullptr && named->number < taken->number && taken->number < rest->number;
  return is_between ? Cause::shown_mixture : Cause::wrong_lock;
}

Cause of_removal(const Counterexample& counterexample, const Step& removal) {
  const Steps& steps = counterexample.steps;
  const Step& last = steps.back();
  if (is_dead_by(steps, removal.frees->name, removal.number))
    return is_late(last) && last.actor_slot == removal.frees->slot ? Cause::late_request : Cause::order;
  return of_live_removal(counterexample, removal);
}

// Of a removal that violates by itself it is the last step.
const Step* removal_told(const Counterexample& counterexample) {
  const Step& last = counterexample.steps.back();
  const bool is_last = counterexample.property == checkers::Property::own_lock_only && last.by_operator &&
                       is_effect(last) && last.frees.has_value();
  return is_last ? &last : force_unlock(counterexample.steps);
}

bool ends_session(const Steps& steps) {
  return std::ranges::any_of(steps, [](const Step& step) {
    if (step.adverse == Adverse::intervention)
      return step.kind == MoveKind::choose && step.choice == Choice::health_check_fails;
    return step.adverse == Adverse::store_event && step.service == "postgres";
  });
}

// Whose session has expired is alive: it was frozen, or its renewals did not come.
bool loses_session_in_silence(const Counterexample& counterexample) {
  return std::ranges::any_of(counterexample.steps, [&](const Step& step) {
    return std::ranges::any_of(step.expired, [&](const scenarios::Expired& expired) {
      return !is_dead_by(counterexample.steps, expired.of.name, step.number);
    });
  });
}

// The write that is looked at rests on a state that its writer had read before it had the lock.
bool is_read_early(const Steps& steps, const Step& write) {
  const Step* read = last_before(steps, write.number - 1, [&](const Step& step) {
    return step.actor == write.actor && step.reads_state && step.note != scenarios::kOnlyCompares;
  });
  const Step* lock = last_before(steps, write.number - 1, [&](const Step& step) {
    return step.actor == write.actor && step.note == scenarios::kHoldsLock;
  });
  return read != nullptr && lock != nullptr && read->number < lock->number;
}

// It takes effect when nobody waits for it any more, and its sender was not just frozen.
bool is_belated(const Step& step) {
  return is_late(step) && step.belated != scenarios::Belated::sender_froze;
}

}  // namespace

const Step* unread_overwrite(const Counterexample& counterexample) {
  return last_before(counterexample.steps, counterexample.steps.size(), [](const Step& step) {
    return step.writes_state && step.version.number != 0 && step.version.based_on != step.version.replaced;
  });
}

Cause cause_of(const Scenario& scenario, const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (steps.empty()) return Cause::order;
  const auto asks = [](const Step& step) { return step.about.lock == LockUse::asks; };
  if (tears_file(steps) != nullptr) return Cause::torn_file;
  const Remedies remedies = remedies_of(scenario.backend, scenario.client.tool);
  if (!remedies.no_lock.empty() && std::ranges::none_of(steps, asks)) return Cause::no_lock;
  if (const Step* removal = removal_told(counterexample)) {
    const Cause found = of_removal(counterexample, *removal);
    if (found != Cause::order) return found;
  }
  if (ends_session(steps)) return Cause::session_ended;
  const auto interrupts = [](const Step& step) { return !step.is_time && step.kind == MoveKind::signal; };
  if (std::ranges::count_if(steps, interrupts) > 1) return Cause::second_interrupt;
  if (is_belated(steps.back())) return Cause::late_request;
  if (const Step* write = unread_overwrite(counterexample)) {
    if (is_belated(*write)) return Cause::late_request;
    const bool saw_none = scenario.initial == scenarios::InitialState::empty && write->version.based_on == 0;
    if (saw_none) return Cause::first_write;
    if (is_read_early(steps, *write)) return Cause::read_before_lock;
  }
  // No lock record names who is frozen, although nobody has asked yet whether its lock has run out.
  const bool arrives_in_silence = is_late(steps.back()) && !is_belated(steps.back());
  if (loses_session_in_silence(counterexample) || (arrives_in_silence && !remedies.silence.empty()))
    return Cause::silent_holder;
  return Cause::order;
}

}  // namespace lockstorm::reports
