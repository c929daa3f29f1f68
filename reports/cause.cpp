#include "reports/cause.hpp"

#include <algorithm>

namespace lockstorm::reports {
namespace {

using models::Choice;
using scenarios::Adverse;
using scenarios::Counterexample;
using scenarios::Scenario;
using sim::LockUse;
using sim::MoveKind;

bool is_dead_by(const Steps& steps, const std::string& actor, std::size_t number) {
  return std::ranges::any_of(steps, [&](const Step& step) {
    const bool dies = step.kind == MoveKind::crash || step.kind == MoveKind::crash_lost;
    return !step.is_time && dies && step.actor == actor && step.number < number;
  });
}

bool is_frozen_at(const Steps& steps, const std::string& actor, std::size_t number) {
  const Step* last = last_before(steps, number - 1, [&](const Step& step) {
    return step.actor == actor && (step.kind == MoveKind::pause || step.kind == MoveKind::resume);
  });
  return last != nullptr && last->kind == MoveKind::pause;
}

FoundCause of_removal(const Scenario& scenario, const Steps& steps, const Step& removal) {
  const Step& last = steps.back();
  if (is_dead_by(steps, removal.frees, removal.number))
    return {is_late(last) && last.actor == removal.frees ? Cause::dead_request : Cause::order, &removal};
  const bool meant_another = scenario.force_unlock.target != models::UnlockTarget::any &&
                             !is_frozen_at(steps, removal.frees, removal.number);
  return {meant_another ? Cause::wrong_lock : Cause::robbed, &removal};
}

const Step* session_end(const Steps& steps) {
  const auto ends = [](const Step& step) {
    if (step.adverse == Adverse::intervention)
      return step.kind == MoveKind::choose && step.choice == Choice::health_check_fails;
    return step.adverse == Adverse::store_event && step.service == "postgres";
  };
  const auto found = std::ranges::find_if(steps, ends);
  return found == steps.end() ? nullptr : &*found;
}

// The write that is looked at rests on a state that its writer had read before it had the lock.
const Step* early_read(const Steps& steps, const Step& write) {
  const Step* read = last_before(steps, write.number - 1, [&](const Step& step) {
    return step.actor == write.actor && step.reads_state && step.note != scenarios::kOnlyCompares;
  });
  const Step* lock = last_before(steps, write.number - 1, [&](const Step& step) {
    return step.actor == write.actor && step.note == scenarios::kHoldsLock;
  });
  return read != nullptr && lock != nullptr && read->number < lock->number ? read : nullptr;
}

}  // namespace

const Step* unread_overwrite(const Counterexample& counterexample) {
  return last_before(counterexample.steps, counterexample.steps.size(), [](const Step& step) {
    return step.writes_state && step.version.number != 0 && step.version.based_on != step.version.replaced;
  });
}

FoundCause cause_of(const Scenario& scenario, const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (steps.empty()) return {};
  const auto asks = [](const Step& step) { return step.about.lock == LockUse::asks; };
  if (const Step* torn = tears_file(steps)) return {Cause::torn_file, torn};
  if (!scenario.backend->remedies(scenario.client.tool).no_lock.empty() && std::ranges::none_of(steps, asks))
    return {Cause::no_lock, nullptr};
  if (const Step* removal = force_unlock(steps)) {
    const FoundCause found = of_removal(scenario, steps, *removal);
    if (found.cause != Cause::order) return found;
  }
  if (const Step* end = session_end(steps)) return {Cause::session_ended, end};
  const auto interrupts = [](const Step& step) { return !step.is_time && step.kind == MoveKind::signal; };
  if (std::ranges::count_if(steps, interrupts) > 1) return {Cause::second_interrupt, nullptr};
  const Step& last = steps.back();
  if (is_late(last) && last.belated != scenarios::Belated::sender_froze) return {Cause::late_request, &last};
  if (const Step* write = unread_overwrite(counterexample)) {
    if (is_late(*write) && write->belated != scenarios::Belated::sender_froze)
      return {Cause::late_request, write};
    const bool saw_none = scenario.initial == scenarios::InitialState::empty && write->version.based_on == 0;
    if (saw_none) return {Cause::first_write, write};
    if (early_read(steps, *write) != nullptr) return {Cause::read_before_lock, write};
  }
  return {};
}

}  // namespace lockstorm::reports
