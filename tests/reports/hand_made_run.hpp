// Makes counterexamples by hand, so that a test of a story says which facts the story rests on.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {

/// A run of client-1, client-2 and an operator; steps get their numbers as they are added.
class HandMadeRun {
 public:
  static constexpr std::size_t kOperator = 2;

  explicit HandMadeRun(checkers::Property property) {
    told_.property = property;
    told_.ended = true;
    told_.actors = {"client-1", "client-2", "operator"};
  }

  /// A call that takes effect and says nothing of the lock.
  Step& call(std::size_t slot, std::string operation, sim::LockUse use = sim::LockUse::none) {
    Step& step = add(slot, sim::MoveKind::effect);
    step.operation = std::move(operation);
    step.about.lock = use;
    return step;
  }
  /// A look at the lock, and whom it shows.
  Step& look(std::size_t slot, sim::Who shows) {
    Step& step = call(slot, "GetObject", sim::LockUse::looks);
    step.told.shows = shows;
    return step;
  }
  /// A request for the lock that is refused.
  Step& refused(std::size_t slot, sim::Who shows = {}) {
    Step& step = call(slot, "PutObject", sim::LockUse::asks);
    step.told.is_refusal = true;
    step.told.shows = shows;
    return step;
  }
  Step& takes(std::size_t slot) {
    Step& step = call(slot, "PutObject", sim::LockUse::asks);
    step.takes_lock = true;
    return step;
  }
  Step& event(std::size_t slot, sim::MoveKind kind) {
    Step& step = add(slot, kind);
    step.adverse = scenarios::Adverse::fault;
    ++told_.adverse_events;
    return step;
  }
  Step& ends(std::size_t slot) {
    Step& step = add(slot, sim::MoveKind::deliver);
    step.note = scenarios::kEnds;
    return step;
  }
  void wrong(scenarios::EndFault::How how, std::optional<sim::Slot> whose = {}) {
    told_.wrong.push_back({told_.property, how, whose});
  }

  [[nodiscard]] scenarios::Actor actor(std::size_t slot) const { return {slot, told_.actors[slot]}; }
  scenarios::Counterexample& told() { return told_; }

 private:
  Step& add(std::size_t slot, sim::MoveKind kind) {
    Step step;
    step.number = told_.steps.size() + 1;
    step.actor = told_.actors[slot];
    step.actor_slot = slot;
    step.by_operator = slot == kOperator;
    step.kind = kind;
    told_.steps.push_back(step);
    return told_.steps.back();
  }

  scenarios::Counterexample told_;
};

}  // namespace lockstorm::reports
