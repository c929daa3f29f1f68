#include "scenarios/search/trial.hpp"

#include "scenarios/search/limits.hpp"

namespace lockstorm::scenarios {

Trial::Trial(const World& world, checkers::Property property)
    : property_(checkers::PropertySet{property}.bits()),
      end_check_(world.end_check),
      tables_(world.spec, sim::Automaton::Mode::compressed),
      runner_(tables_, world.monitors),
      finish_(tables_, limits::kFinishStatesOfATry) {}

std::optional<TriedSteps> Trial::steps_of(const sim::Schedule& schedule) {
  const auto decisions = runner_.decisions_of(schedule);
  if (!decisions) return std::nullopt;
  TriedSteps steps;
  sim::RunResult ignored;
  runner_.restart();
  for (const sim::Decision& decision : *decisions) {
    steps.push_back(describe(decision));
    runner_.take(decision, ignored);
  }
  return steps;
}

std::optional<Violating> Trial::violate(const TriedSteps& wanted) {
  Violating run;
  if (!takes_to_violation(wanted, run.steps)) return std::nullopt;
  run.adverse_events = runner_.adverse_events();
  return run;
}

bool Trial::takes_to_violation(const TriedSteps& wanted, TriedSteps& taken) {
  decisions_.clear();
  sim::RunResult result;
  runner_.restart();
  const auto take = [&](const sim::Decision& decision) {
    taken.push_back(describe(decision));
    decisions_.push_back(decision);
    runner_.take(decision, result);
    return (result.violations & property_) != 0;
  };
  for (const TriedStep& step : wanted) {
    const auto decision = find(step);
    if (decision && take(*decision)) return true;
  }
  if (hangs()) return true;
  while (taken.size() < limits::kStepsOfATry) {
    const auto decision = first_free();
    if (!decision) break;
    if (take(*decision)) return true;
  }
  return end_check_ && !first_free() && (end_check_(tables_.values(), runner_.end_state()) & property_) != 0;
}

TriedStep Trial::describe(const sim::Decision& decision) const {
  if (decision.slot() == runner_.time_slot()) return {decision.slot(), {}, 0, true};
  return {decision.slot(), tables_.move(runner_.local(decision.slot()), decision.move()).move,
          decision.alternative(), false};
}

bool Trial::hangs() {
  return property_ == checkers::PropertySet{checkers::Property::progress}.bits() &&
         !runner_.enabled().empty() && finish_.from(runner_, decisions_) == Finish::impossible;
}

std::optional<sim::Decision> Trial::find(const TriedStep& step) {
  possible_.clear();
  // Time's place is behind the processes, of which another world has another number.
  runner_.add_enabled(step.is_time ? runner_.time_slot() : step.slot, possible_);
  for (const sim::Decision& decision : possible_) {
    if (step.is_time || (step.is(describe(decision).move) && decision.alternative() == step.alternative))
      return decision;
  }
  return std::nullopt;
}

std::optional<sim::Decision> Trial::first_free() {
  for (sim::Slot slot = 0; slot <= runner_.time_slot(); ++slot) {
    possible_.clear();
    runner_.add_enabled(slot, possible_);
    for (const sim::Decision& decision : possible_) {
      if (describe(decision).move.fault == sim::kNoFault) return decision;
    }
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
