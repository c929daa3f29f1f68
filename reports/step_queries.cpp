#include "reports/step_queries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/step_words.hpp"

namespace lockstorm::reports {
namespace {

// A request that asks for the lock and is told who holds it in the same answer.
bool is_refused_with_holder(const Step& step) {
  return is_effect(step) && step.operation == "LOCK" && has(step, "'s lock) -> 4");
}

bool asks_for_lock(const Step& step) {
  if (step.operation == "Acquire Lease") return true;
  return (step.operation.starts_with("Put") || step.operation == "objects.insert") && has(step, "lock");
}

// An acquire that the client takes for failed; a lease that is met before it is asked for is one, too.
bool failed_acquire(const Step& step) {
  if (step.operation == "Get Blob Properties" && has(step, "leased") && !has(step, "with the lease"))
    return true;
  if (!asks_for_lock(step)) return false;
  return has(step, "-> 4") || has(step, "CheckFailed") || has(step, "server answers") ||
         has(step, "server error");
}

bool asks_for_holder(const Steps& steps, const Step& step) {
  if (!is_effect(step) || (!step.operation.starts_with("Get") && step.operation != "objects.get"))
    return false;
  const Step* before = last_effect_of_actor(steps, step);
  return before != nullptr && failed_acquire(*before);
}

}  // namespace

bool has(const Step& step, std::string_view words) { return step.text.find(words) != std::string::npos; }

bool is_effect(const Step& step) { return step.event == "effect" || is_late(step); }

bool is_late(const Step& step) {
  return step.event == "late effect" || step.belated != scenarios::Belated::no;
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
    return step.actor.starts_with("operator") && step.event == "effect" && !step.frees.empty();
  });
}

const Step* tears_file(const Steps& steps) {
  return last_before(steps, steps.size(), [&](const Step& step) {
    if (step.event != "crash") return false;
    const Step* before = last_effect_of_actor(steps, step);
    return before != nullptr && (before->operation == "ftruncate" || before->operation == "write");
  });
}

const Step* reads_torn_file(const Steps& steps) {
  return last_before(steps, steps.size(),
                     [](const Step& step) { return is_effect(step) && has(step, "-> a torn state file"); });
}

const Step* shown_itself(const Steps& steps) {
  return last_before(steps, steps.size(), [&](const Step& step) {
    if (is_refused_with_holder(step)) return has(step, ", " + step.actor + "'s lock");
    return asks_for_holder(steps, step) && has(step, step.actor + "'s lock");
  });
}

const Step* shown_nobody(const Steps& steps) {
  return last_before(steps, steps.size(),
                     [&](const Step& step) { return asks_for_holder(steps, step) && !has(step, "'s lock"); });
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

}  // namespace lockstorm::reports
