#include "scenarios/hunt/shrink.hpp"

#include <algorithm>
#include <map>

#include "scenarios/search/trial.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

// Leaves out faults, then ever smaller pieces, while the violation stays (Zeller, Hildebrandt: delta
// debugging, TSE 2002).
Violating drop_steps(Trial& trial, Violating run) {
  TriedSteps& steps = run.steps;
  const auto try_without = [&](std::size_t from, std::size_t to) {
    TriedSteps fewer(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(from));
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
std::vector<unsigned> client_counts(const Scenario& scenario, const TriedSteps& steps, bool may_hang) {
  if (!scenario.fleets.empty()) return {0};
  std::vector<bool> moved(scenario.client.count);
  for (const TriedStep& step : steps) {
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
std::optional<TriedSteps> in_world(const World& all, const World& few, TriedSteps steps) {
  const sim::SpecNames all_names(all.spec);
  const sim::SpecNames few_names(few.spec);
  std::map<std::string, sim::Slot> slots;
  for (sim::Slot slot = 0; slot < all.spec.process_count(); ++slot) slots[all_names.slot_name(slot)] = slot;
  for (TriedStep& step : steps) {
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
  std::optional<Shrunk> settle(const TriedSteps& steps) {
    const auto taken = trial_.violate(steps);
    if (!taken) return std::nullopt;
    return Shrunk{trial_.schedule(), taken->adverse_events, false, 0};
  }

  static sim::FaultBudget faults_of(const TriedSteps& steps) {
    sim::FaultBudget faults;
    for (const TriedStep& step : steps) {
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
