#include "scenarios/hunt/shrink.hpp"

#include <algorithm>
#include <map>

#include "scenarios/finish.hpp"
#include "scenarios/verify.hpp"
#include "sim/table_run.hpp"

namespace lockstorm::scenarios {
namespace {

using TableRunner = sim::TableRun<checkers::Monitors>;

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

// What makes one violating run better than another: fewer adverse events, then fewer steps.
struct Cost {
  unsigned adverse_events = 0;
  std::size_t steps = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
};

// A run that violates the property.
struct Violating {
  Steps steps;
  unsigned adverse_events = 0;
  [[nodiscard]] Cost cost() const { return {adverse_events, steps.size()}; }
};

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
  [[nodiscard]] std::optional<Violating> violate(const Steps& wanted) {
    Violating run;
    if (!takes_to_violation(wanted, run.steps)) return std::nullopt;
    run.adverse_events = runner_.adverse_events();
    return run;
  }

  /// Of the last call of `violate`.
  [[nodiscard]] sim::Schedule schedule() { return runner_.schedule_of(decisions_); }

 private:
  [[nodiscard]] bool takes_to_violation(const Steps& wanted, Steps& taken) {
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
      if (decision && take(*decision)) return true;
    }
    if (hangs()) return true;
    while (taken.size() < kMostSteps) {
      const auto decision = first_free();
      if (!decision) break;
      if (take(*decision)) return true;
    }
    return end_check_ && !first_free() &&
           (end_check_(tables_.values(), runner_.end_state()) & property_) != 0;
  }

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
  TableRunner runner_;
  FinishSearch finish_;
  sim::ChoiceStream decisions_;
  std::vector<sim::Decision> possible_;
};

// Leaves out faults, then ever smaller pieces, while the violation stays (Zeller, Hildebrandt: delta
// debugging, TSE 2002).
Violating drop_steps(Trial& trial, Violating run) {
  Steps& steps = run.steps;
  const auto try_without = [&](std::size_t from, std::size_t to) {
    Steps fewer(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(from));
    fewer.insert(fewer.end(), steps.begin() + static_cast<std::ptrdiff_t>(to), steps.end());
    auto shorter = trial.violate(fewer);
    if (!shorter || shorter->cost() >= run.cost()) return false;
    run = std::move(*shorter);
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
  return run;
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

// The run with the fewest adverse events that the explorer finds with that many clients, fewer than
// `max_events`; `whole`: no run that needs fewer has been left out.
struct Small {
  std::optional<Shrunk> shrunk;
  bool whole = false;
};

class Shrinker {
 public:
  Shrinker(const Scenario& scenario, const World& world, checkers::Property property, std::size_t max_states,
           const WorldBuilder& build)
      : scenario_(scenario),
        world_(world),
        property_(property),
        max_states_(max_states),
        build_(build),
        trial_(world, property) {}

  Shrunk shrink(const sim::Schedule& schedule) {
    const auto found = trial_.steps_of(schedule);
    const auto whole = found ? trial_.violate(*found) : std::nullopt;
    if (!whole) return {schedule, 0, false, 0};
    const Violating run = drop_steps(trial_, *whole);
    Shrunk best = settle(run.steps).value_or(Shrunk{schedule, run.adverse_events, false, 0});
    bool proved = true;
    bool is_small = false;
    for (const unsigned clients :
         client_counts(scenario_, run.steps, property_ == checkers::Property::progress)) {
      if (is_small && best.adverse_events == 0) break;
      const unsigned most = is_small ? best.adverse_events - 1 : best.adverse_events;
      Small small = search(clients, scenario_.faults, most);
      // Of all that may go wrong only what did, where everything is too much to try.
      if (!small.whole && !small.shrunk) small.shrunk = search(clients, faults_of(run.steps), most).shrunk;
      proved &= small.whole;
      if (!small.shrunk) continue;
      best = *small.shrunk;
      is_small = true;
    }
    best.proved = proved && is_small;
    return best;
  }

 private:
  std::optional<Shrunk> settle(const Steps& steps) {
    const auto taken = trial_.violate(steps);
    if (!taken) return std::nullopt;
    return Shrunk{trial_.schedule(), taken->adverse_events, false, 0};
  }

  static sim::FaultBudget faults_of(const Steps& steps) {
    sim::FaultBudget faults;
    for (const Step& step : steps) {
      if (step.move.fault != sim::kNoFault) ++faults.count[step.move.fault];
    }
    return faults;
  }

  Small search(unsigned clients, const sim::FaultBudget& faults, unsigned most_events) {
    Scenario small = scenario_;
    if (clients > 0) small.client.count = static_cast<decltype(small.client.count)>(clients);
    small.faults = faults;
    const auto small_world = build_(small);
    const ShortestSearch found = find_shortest(*small_world, property_, max_states_, most_events);
    if (!found.schedule) return {std::nullopt, found.complete};
    Trial small_trial(*small_world, property_);
    const auto steps = small_trial.steps_of(*found.schedule);
    const auto here = steps ? in_world(world_, *small_world, *steps) : std::nullopt;
    auto shrunk = here ? settle(*here) : std::nullopt;
    if (!shrunk) return {std::nullopt, true};  // the clients that were left out matter after all
    shrunk->clients = clients;
    return {shrunk, true};
  }

  const Scenario& scenario_;
  const World& world_;
  checkers::Property property_;
  std::size_t max_states_;
  const WorldBuilder& build_;
  Trial trial_;
};

}  // namespace

Shrunk shrink(const Scenario& scenario, const World& world, checkers::Property property,
              const sim::Schedule& schedule, std::size_t max_states, const WorldBuilder& build) {
  return Shrinker(scenario, world, property, max_states, build).shrink(schedule);
}

}  // namespace lockstorm::scenarios
