#include "scenarios/story/relevance.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using sim::LockUse;
using Step = CounterexampleStep;

enum class Topic : std::uint8_t { lock, state, resource };

// What a violation is about.
Topic topic_of(Property property) {
  switch (property) {
    case Property::no_lost_update:
    case Property::state_integrity:
    case Property::approved_is_applied:
      return Topic::state;
    case Property::exclusive_effects:
    case Property::no_drift:
      return Topic::resource;
    case Property::mutual_exclusion:
    case Property::own_lock_only:
    case Property::stale_lock_recovery:
    case Property::progress:
    case Property::lock_released:
      return Topic::lock;
  }
  return Topic::lock;
}

// What a call is about: digests, chunks and versions are part of the state.
Topic topic_of(const Step& step) {
  if (step.about.lock != LockUse::none) return Topic::lock;
  return step.about.object == "resource" ? Topic::resource : Topic::state;
}

// Who changes a resource does so by the state that was read, and an operator acts by what is known of a job.
bool touches(const Step& step, Topic violation) {
  // What happens to a pull request, or to a directory that jobs share, is always a part of it.
  constexpr std::array<std::string_view, 5> kAlways{"job", "pull request", "plan", "project's lock",
                                                    "directory"};
  if (std::ranges::find(kAlways, step.about.object) != kAlways.end()) return true;
  const Topic topic = topic_of(step);
  return topic == violation || (violation == Topic::resource && topic == Topic::state);
}

bool is_call_with_effect(const Step& step) {
  return !step.is_time && sim::Move{.kind = step.kind}.is_effect();
}

// What nobody has to be told of by itself.
bool is_plain(const Step& step) {
  return is_call_with_effect(step) && step.adverse == Adverse::no && step.note.empty() &&
         step.belated == Belated::no && !step.writes_state && !step.takes_lock && !step.frees &&
         step.expired.empty();
}

// The actor's next step in the run that is adverse comes before its next call: the story says "after its
// ...".
bool is_hit_after(const Counterexample& counterexample, const Step& call) {
  for (std::size_t i = call.number; i < counterexample.steps.size(); ++i) {
    const Step& later = counterexample.steps[i];
    if (later.is_time || later.actor_slot != call.actor_slot) continue;
    if (later.adverse != Adverse::no) return true;
    if (is_call_with_effect(later)) return false;
  }
  return false;
}

// When a request was sent matters where something happens between that and its effect.
void show_sending(Counterexample& counterexample, const Step& effect) {
  if (effect.sent == 0) return;
  const auto from = counterexample.steps.begin() + static_cast<std::ptrdiff_t>(effect.sent);
  const auto to = counterexample.steps.begin() + static_cast<std::ptrdiff_t>(effect.number - 1);
  if (std::any_of(from, to, [](const Step& step) { return step.is_relevant; }))
    (from - 1)->is_relevant = true;
}

}  // namespace

void choose_relevant(Counterexample& counterexample) {
  const Topic violation = topic_of(counterexample.property);
  for (Step& step : counterexample.steps) {
    if (!is_plain(step) || &step == &counterexample.steps.back()) continue;
    if (!touches(step, violation) && !is_hit_after(counterexample, step)) step.is_relevant = false;
  }
  for (const Step& step : counterexample.steps) {
    if (!step.is_relevant) continue;
    const bool may_be_late = step.belated != Belated::no || &step == &counterexample.steps.back();
    if (is_call_with_effect(step) && may_be_late) show_sending(counterexample, step);
    for (const PendingRequest& pending : step.pending)
      counterexample.steps[pending.sent - 1].is_relevant = true;
  }
}

}  // namespace lockstorm::scenarios
