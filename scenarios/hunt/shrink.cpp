#include "scenarios/hunt/shrink.hpp"

#include <algorithm>
#include <map>

#include "scenarios/finish.hpp"
#include "scenarios/verify.hpp"
#include "sim/table_run.hpp"

namespace lockstorm::scenarios {
namespace {

using Runner = sim::TableRun<checkers::Monitors>;

constexpr std::size_t kMostSteps = 20'000;  // clients that poll for ever are cut off here
constexpr std::size_t kFinishStatesOfATry = 20'000;

// One step by what it is, so that it can be found again where other steps are possible beside it.
struct Step {
  sim::Slot slot = 0;
  sim::Move move;
  std::uint8_t alternative = 0;
  bool is_time = false;

  [[nodiscard]] bool is(const sim::Move& other) const {
    const bool chooses = move.kind == sim::MoveKind::choose;
    return move.kind == other.kind && move.fault == other.fault && move.fiber == other.fiber &&
           (!chooses || move.argument == other.argument);
  }
};
using Steps = std::vector<Step>;

struct Cost {
  unsigned faults = 0;
  std::size_t steps = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
};
Cost cost_of(const Steps& steps) {
  Cost cost{0, steps.size()};
  for (const Step& step : steps) cost.faults += step.move.fault != sim::kNoFault ? 1 : 0;
  return cost;
}

// A world to try steps in.
class Trial {
 public:
  Trial(const World& world, checkers::Property property)
      : property_(checkers::property_bit(property)),
        end_check_(world.end_check),
        tables_(world.spec, sim::Automaton::Mode::compressed),
        runner_(tables_, world.monitors),
        finish_(tables_, kFinishStatesOfATry) {}

  [[nodiscard]] std::optional<Steps> steps_of(const sim::Schedule& schedule) {
    const auto decisions = runner_.decisions_of(schedule);
    if (!decisions) return std::nullopt;
    Steps steps;
    sim::RunResult ignored;
    runner_.restart();
    for (const sim::Decision& decision : *decisions) {
      steps.push_back(describe(decision));
      runner_.take(decision, ignored);
    }
    return steps;
  }

  /// Takes what can be taken of `wanted`, then whatever comes first until the end; the steps up to the
  /// violation, if there is one.
  [[nodiscard]] std::optional<Steps> violate(const Steps& wanted) {
    Steps taken;
    decisions_.clear();
    sim::RunResult result;
    runner_.restart();
    const auto take = [&](const sim::Decision& decision) {
      taken.push_back(describe(decision));
      decisions_.push_back(decision);
      runner_.take(decision, result);
      return (result.violations & property_) != 0;
    };
    for (const Step& step : wanted) {
      const auto decision = find(step);
      if (decision && take(*decision)) return taken;
    }
    if (hangs()) return taken;
    while (taken.size() < kMostSteps) {
      const auto decision = first_free();
      if (!decision) break;
      if (take(*decision)) return taken;
    }
    if (end_check_ && !first_free() && (end_check_(tables_.values(), runner_.end_state()) & property_) != 0)
      return taken;
    return std::nullopt;
  }

  /// Of the last call of `violate`.
  [[nodiscard]] sim::Schedule schedule() { return runner_.schedule_of(decisions_); }

 private:
  [[nodiscard]] Step describe(const sim::Decision& decision) const {
    if (decision.slot() == runner_.time_slot()) return {decision.slot(), {}, 0, true};
    return {decision.slot(), tables_.move(runner_.local(decision.slot()), decision.move()).move,
            decision.alternative(), false};
  }
  [[nodiscard]] bool hangs() {
    return property_ == checkers::property_bit(checkers::Property::progress) && !runner_.enabled().empty() &&
           finish_.from(runner_, decisions_) == Finish::impossible;
  }
  [[nodiscard]] std::optional<sim::Decision> find(const Step& step) {
    possible_.clear();
    runner_.add_enabled(step.slot, possible_);
    for (const sim::Decision& decision : possible_) {
      if (step.is_time || (step.is(describe(decision).move) && decision.alternative() == step.alternative))
        return decision;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<sim::Decision> first_free() {
    for (sim::Slot slot = 0; slot <= runner_.time_slot(); ++slot) {
      possible_.clear();
      runner_.add_enabled(slot, possible_);
      for (const sim::Decision& decision : possible_) {
        if (describe(decision).move.fault == sim::kNoFault) return decision;
      }
    }
    return std::nullopt;
  }

  sim::Violations property_;
  sim::EndCheck end_check_;
  sim::StateTables tables_;
  Runner runner_;
  FinishSearch finish_;
  sim::ChoiceStream decisions_;
  std::vector<sim::Decision> possible_;
};

// Leaves out faults, then ever smaller pieces, while the violation stays (Zeller, Hildebrandt: delta
// debugging, TSE 2002).
Steps drop_steps(Trial& trial, Steps steps) {
  const auto try_without = [&](std::size_t from, std::size_t to) {
    Steps fewer(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(from));
    fewer.insert(fewer.end(), steps.begin() + static_cast<std::ptrdiff_t>(to), steps.end());
    auto shorter = trial.violate(fewer);
    if (!shorter || cost_of(*shorter) >= cost_of(steps)) return false;
    steps = std::move(*shorter);
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].move.fault != sim::kNoFault) changed |= try_without(i, i + 1);
    }
    for (std::size_t piece = std::max<std::size_t>(steps.size() / 2, 1);; piece /= 2) {
      for (std::size_t from = 0; from < steps.size();) {
        if (try_without(from, std::min(from + piece, steps.size())))
          changed = true;
        else
          from += piece;
      }
      if (piece <= 1) break;
    }
  }
  return steps;
}

// Every budget within `most`, those with the fewest faults first.
std::vector<sim::FaultBudget> budgets_within(const sim::FaultBudget& most) {
  std::vector<sim::FaultBudget> budgets{{}};
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    const std::size_t before = budgets.size();
    for (std::uint8_t count = 1; count <= most.count[kind]; ++count) {
      for (std::size_t i = 0; i < before; ++i) {
        sim::FaultBudget budget = budgets[i];
        budget.count[kind] = count;
        budgets.push_back(budget);
      }
    }
  }
  std::stable_sort(budgets.begin(), budgets.end(), [](const sim::FaultBudget& a, const sim::FaultBudget& b) {
    return a.total() < b.total();
  });
  return budgets;
}

// How many clients to try with: few first, at last as many as have moved, and one for whom it hangs, who need
// not have moved yet. Fleets stay whole.
std::vector<unsigned> client_counts(const Scenario& scenario, const Steps& steps, bool may_hang) {
  if (!scenario.fleets.empty()) return {0};
  std::vector<bool> moved(scenario.client.count);
  for (const Step& step : steps) {
    if (!step.is_time && step.slot < moved.size()) moved[step.slot] = true;
  }
  const auto movers = static_cast<unsigned>(std::count(moved.begin(), moved.end(), true));
  const unsigned all = std::clamp(movers + (may_hang ? 1U : 0U), 1U, unsigned{scenario.client.count});
  std::vector<unsigned> counts;
  for (unsigned count = 1; count < std::min(all, 4U); ++count) counts.push_back(count);
  counts.push_back(all);
  return counts;
}

// Steps of a world with fewer clients, in the world that has them all.
std::optional<Steps> in_world(const World& all, const World& few, Steps steps) {
  const sim::SpecNames all_names(all.spec);
  const sim::SpecNames few_names(few.spec);
  std::map<std::string, sim::Slot> slots;
  for (sim::Slot slot = 0; slot < all.spec.process_count(); ++slot) slots[all_names.slot_name(slot)] = slot;
  for (Step& step : steps) {
    if (step.is_time) continue;
    const std::string& name = few_names.slot_name(step.slot);
    auto position = slots.find(name);
    if (position == slots.end()) position = slots.find(name + "-1");  // one alone has no number
    if (position == slots.end()) return std::nullopt;
    step.slot = position->second;
  }
  return steps;
}

}  // namespace

Shrunk shrink(const Scenario& scenario, const World& world, checkers::Property property,
              const sim::Schedule& schedule, std::size_t max_states, const WorldBuilder& build) {
  Trial trial(world, property);
  const auto found = trial.steps_of(schedule);
  if (!found) return {schedule, 0, false};
  const auto whole = trial.violate(*found);
  if (!whole) return {schedule, 0, false};
  Steps steps = drop_steps(trial, *whole);
  const auto settle = [&](const Steps& final_steps, bool proved) -> std::optional<Shrunk> {
    const auto taken = trial.violate(final_steps);
    if (!taken) return std::nullopt;
    return Shrunk{trial.schedule(), cost_of(*taken).faults, proved};
  };

  sim::FaultBudget most;
  for (const Step& step : steps) {
    if (step.move.fault != sim::kNoFault) ++most.count[step.move.fault];
  }
  for (const unsigned clients : client_counts(scenario, steps, property == checkers::Property::progress)) {
    Scenario small = scenario;
    if (clients > 0) small.client.count = static_cast<decltype(small.client.count)>(clients);
    for (const sim::FaultBudget& budget : budgets_within(most)) {
      small.faults = budget;
      const auto small_world = build(small);
      const ShortestSearch search = find_shortest(*small_world, property, max_states);
      if (!search.schedule && !search.complete)
        return settle(steps, false).value_or(Shrunk{schedule, 0, false});
      if (!search.schedule) continue;
      Trial small_trial(*small_world, property);
      const auto shortest = small_trial.steps_of(*search.schedule);
      const auto here = shortest ? in_world(world, *small_world, *shortest) : std::nullopt;
      auto shrunk = here ? settle(*here, true) : std::nullopt;
      if (!shrunk) continue;  // the clients that were left out matter after all
      shrunk->clients = clients;
      return *shrunk;
    }
  }
  return settle(steps, false).value_or(Shrunk{schedule, 0, false});
}

}  // namespace lockstorm::scenarios
