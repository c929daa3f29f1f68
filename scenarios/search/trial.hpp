// Tries steps in a world: takes what can be taken of them, then whatever comes first, and says whether that
// violates the property.
#pragma once

#include <compare>
#include <optional>
#include <vector>

#include "scenarios/search/finish.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/table_run.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

/// One step by what it is, so that it can be found again where other steps are possible beside it.
struct TriedStep {
  sim::Slot slot = 0;  ///< means nothing where time passes
  sim::Move move;
  std::uint8_t alternative = 0;
  bool is_time = false;

  /// The same kind of step of its process.
  [[nodiscard]] bool is(const sim::Move& other) const {
    const bool chooses = move.kind == sim::MoveKind::choose;
    return move.kind == other.kind && move.fault == other.fault && move.fiber == other.fiber &&
           (!chooses || move.argument == other.argument);
  }
};
using TriedSteps = std::vector<TriedStep>;

/// What makes one violating run better than another: fewer adverse events, then fewer steps.
struct RunCost {
  unsigned adverse_events = 0;
  std::size_t steps = 0;
  friend auto operator<=>(const RunCost&, const RunCost&) = default;
};

/// A run that violates the property.
struct Violating {
  TriedSteps steps;
  unsigned adverse_events = 0;
  [[nodiscard]] RunCost cost() const { return {adverse_events, steps.size()}; }
};

/// Not thread-safe; the world must outlive it.
class Trial {
 public:
  Trial(const World& world, checkers::Property property);

  /// Nothing where the schedule does not fit the world.
  [[nodiscard]] std::optional<TriedSteps> steps_of(const sim::Schedule& schedule);
  /// Takes what can be taken of `wanted`, then whatever comes first until the end; the steps up to the
  /// violation, if there is one.
  [[nodiscard]] std::optional<Violating> violate(const TriedSteps& wanted);
  /// Of the last call of `violate`.
  [[nodiscard]] sim::Schedule schedule() { return runner_.schedule_of(decisions_); }

 private:
  [[nodiscard]] bool takes_to_violation(const TriedSteps& wanted, TriedSteps& taken);
  [[nodiscard]] TriedStep describe(const sim::Decision& decision) const;
  [[nodiscard]] bool hangs();
  [[nodiscard]] std::optional<sim::Decision> find(const TriedStep& step);
  [[nodiscard]] std::optional<sim::Decision> first_free();

  sim::Violations property_;
  sim::EndCheck end_check_;
  sim::StateTables tables_;
  sim::TableRun runner_;
  FinishSearch finish_;
  sim::ChoiceStream decisions_;
  std::vector<sim::Decision> possible_;
};

}  // namespace lockstorm::scenarios
