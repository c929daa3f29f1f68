#include "reports/story/step_queries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/story/step_words.hpp"

namespace lockstorm::reports {
namespace {

using sim::LockUse;
using sim::MoveKind;

// The lock was asked for and not given, or the answer is lost; or it is seen to be taken before anybody asks.
bool failed_acquire(const Step& step) {
  if (step.about.lock == LockUse::looks) return step.told.says_locked;
  if (step.about.lock != LockUse::asks) return false;
  return step.told.is_refusal || step.kind == MoveKind::effect_refused || step.kind == MoveKind::refuse ||
         step.kind == MoveKind::effect_lost_response;
}

// Whether the answer names the actor itself as who has the lock.
bool names_actor(const Step& step) {
  return step.told.shows == sim::Who::process(static_cast<sim::Slot>(step.actor_slot));
}

bool asks_for_holder(const Steps& steps, const Step& step) {
  // Where the lock is a part of the state, a read of the state says who has the lock, too; nobody asked.
  if (!is_effect(step) || step.about.lock != LockUse::looks || step.reads_state) return false;
  const Step* before = last_effect_of_actor(steps, step);
  return before != nullptr && failed_acquire(*before);
}

// The answer to its request for the lock names the one who asks.
bool is_refused_by_itself(const Step& step) {
  return is_effect(step) && step.about.lock == LockUse::asks && step.told.is_refusal && names_actor(step);
}

}  // namespace

bool is_effect(const Step& step) { return sim::Move{.kind = step.kind}.is_effect() && !step.is_time; }

bool is_kill(const Step& step) {
  return !step.is_time && (step.kind == MoveKind::crash || step.kind == MoveKind::crash_lost);
}

bool is_late(const Step& step) {
  return is_effect(step) && (step.kind == MoveKind::stray_effect || step.belated != scenarios::Belated::no);
}

bool writes_state(const Step& step) { return step.writes_state; }

std::string deed(const Step& step) { return step.operation.empty() ? step.text : step.operation; }

std::string named_deed(const Step& step, std::string_view of) {
  const std::string text = fmt::format("{}'s {}{} (step {})", step.actor, deed(step), of, step.number);
  if (step.belated != scenarios::Belated::no) return fmt::format("{}, {},", text, belated_text(step));
  return text;
}

const Step* last_effect_of_actor(const Steps& steps, const Step& step) {
  return last_before(steps, step.number - 1,
                     [&](const Step& earlier) { return earlier.actor == step.actor && is_effect(earlier); });
}

const Step* force_unlock(const Steps& steps) {
  if (steps.empty()) return nullptr;
  return last_before(steps, steps.size() - 1, [](const Step& step) {
    return step.by_operator && is_effect(step) && step.frees.has_value();
  });
}

const Step* tears_file(const Steps& steps) {
  return last_before(steps, steps.size(), [&](const Step& step) {
    if (!is_kill(step)) return false;
    const Step* before = last_effect_of_actor(steps, step);
    return before != nullptr && (before->operation == "ftruncate" || before->operation == "write");
  });
}

const Step* reads_torn_file(const Steps& steps) {
  return last_before(steps, steps.size(),
                     [](const Step& step) { return is_effect(step) && step.told.version.is_torn; });
}

const Step* shown_itself(const Steps& steps, std::size_t slot) {
  return last_before(steps, steps.size(), [&](const Step& step) {
    if (step.is_time || step.actor_slot != slot) return false;
    return is_refused_by_itself(step) || (asks_for_holder(steps, step) && names_actor(step));
  });
}

bool holds_by_another_id(const Steps& steps, const Step& shown) {
  const auto asks = [&](const Step& step) {
    return step.actor == shown.actor && is_effect(step) && step.about.lock == LockUse::asks;
  };
  const Step* refused =
      last_before(steps, shown.number, [&](const Step& step) { return asks(step) && step.told.is_refusal; });
  const Step* granted =
      last_before(steps, shown.number, [&](const Step& step) { return asks(step) && !step.told.is_refusal; });
  if (refused == nullptr || granted == nullptr) return false;
  // A library that sends a request again sends the same ID: its calls are chained.
  for (std::size_t call = refused->call; call != 0;) {
    if (call == granted->call) return false;
    const auto part = std::ranges::find(steps, call, &Step::call);
    call = part == steps.end() ? 0 : part->repeats;
  }
  return true;
}

const Step* shown_nobody(const Steps& steps, std::size_t slot) {
  return last_before(steps, steps.size(), [&](const Step& step) {
    return !step.is_time && step.actor_slot == slot && asks_for_holder(steps, step) &&
           step.told.shows.is_nobody();
  });
}

bool kills_somebody(const Steps& steps) { return std::ranges::any_of(steps, is_kill); }

std::size_t interrupts_of(const Steps& steps, std::size_t slot) {
  return static_cast<std::size_t>(std::ranges::count_if(steps, [&](const Step& step) {
    return !step.is_time && step.kind == MoveKind::signal && step.actor_slot == slot;
  }));
}

bool creates_resource(const Step& step) { return step.operation == "CreateResource"; }
bool destroys_resource(const Step& step) { return step.operation == "DeleteResource"; }

std::vector<std::size_t> slots_wronged(const scenarios::Counterexample& counterexample,
                                       scenarios::EndFault::How how) {
  std::vector<std::size_t> slots;
  for (const scenarios::EndFault& fault : counterexample.wrong) {
    if (fault.how == how && fault.whose) slots.push_back(*fault.whose);
  }
  return slots;
}

bool is_write_skew(const scenarios::Counterexample& counterexample) {
  return std::ranges::find(counterexample.wrong, scenarios::EndFault::How::write_skew,
                           &scenarios::EndFault::how) != counterexample.wrong.end();
}

const std::string* actor_wronged(const scenarios::Counterexample& counterexample,
                                 scenarios::EndFault::How how) {
  const auto found = std::ranges::find(counterexample.wrong, how, &scenarios::EndFault::how);
  const bool is_about_one = found != counterexample.wrong.end() && found->whose;
  return is_about_one ? &counterexample.actors[*found->whose] : nullptr;
}

const std::string* saver_of_nothing(const scenarios::Counterexample& counterexample) {
  if (writes_state(counterexample.steps.back())) return nullptr;
  return actor_wronged(counterexample, scenarios::EndFault::How::vanished);
}

std::vector<scenarios::ServiceView> final_views(const scenarios::Counterexample& counterexample) {
  std::vector<scenarios::ServiceView> views = counterexample.beginning;
  for (const Step& step : counterexample.steps) {
    for (const scenarios::ServiceView& change : step.changes) {
      const auto changed = std::ranges::find(views, change.service, &scenarios::ServiceView::service);
      if (changed != views.end()) *changed = change;
    }
  }
  return views;
}

std::string holder_left_behind(const scenarios::Counterexample& counterexample) {
  if (counterexample.steps.empty()) return {};
  const std::vector<std::size_t>& believers = counterexample.steps.back().believers;
  for (const scenarios::ServiceView& view : final_views(counterexample)) {
    if (!view.keeps_lock) continue;
    for (const std::size_t holder : view.holders) {
      if (holder < counterexample.actors.size() && std::ranges::find(believers, holder) == believers.end())
        return counterexample.actors[holder];
    }
  }
  return {};
}

scenarios::Counterexample needed_part(const scenarios::Counterexample& counterexample) {
  scenarios::Counterexample part = counterexample;
  for (Step& step : part.steps) {
    if (step.is_time || counterexample.needs(step.actor_slot)) continue;
    Step nothing;
    nothing.number = step.number;
    nothing.at = step.at;
    nothing.is_time = true;
    nothing.is_relevant = false;
    nothing.believers = step.believers;
    nothing.changes = step.changes;
    step = nothing;
  }
  std::erase_if(part.wrong, [&](const scenarios::EndFault& fault) {
    return fault.whose && !counterexample.needs(*fault.whose);
  });
  std::erase_if(part.left_locks, [&](const scenarios::LeftLock& left) {
    return left.how != scenarios::LeftLock::How::nobodys && !counterexample.needs(left.slot);
  });
  return part;
}

}  // namespace lockstorm::reports
