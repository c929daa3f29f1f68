#include "scenarios/search/needed_clients.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "scenarios/search/limits.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/trial.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/fleets.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

// The scenario without that client; nothing where it would be about something else: nobody is left, or
// another state is there at the beginning.
std::optional<Scenario> without_client(const Scenario& scenario, sim::Slot slot) {
  if (scenario.clients() < 2) return std::nullopt;
  Scenario fewer = scenario;
  if (scenario.fleets.empty()) {
    --fewer.client.count;
    return fewer;
  }
  auto fleet = fewer.fleets.begin();
  for (unsigned before = slot; before >= fleet->client.count; ++fleet) before -= fleet->client.count;
  if (--fleet->client.count == 0) fewer.fleets.erase(fleet);
  fewer.client = fewer.fleets.front().client;
  fewer.backend = fewer.fleets.front().backend;
  if (fewer.resources() != scenario.resources()) return std::nullopt;
  if (initial_snapshot(fewer) != initial_snapshot(scenario)) return std::nullopt;
  return fewer;
}

// A run in a scenario that has lost some of its clients.
struct Run {
  Scenario scenario;
  std::shared_ptr<const World> world;
  TriedSteps steps;
  std::vector<sim::Slot> clients;  ///< those that are left, by their slots in the whole scenario
  bool is_another = false;         ///< no rest of the run that was told, but one that the explorer has found
};

class Removal {
 public:
  Removal(const Counterexample& told, const WorldBuilder& build) : told_(told), build_(build) {}

  // The same violation without one more client.
  [[nodiscard]] std::optional<Run> from(const Run& run, sim::Slot client) const {
    const auto place = std::ranges::find(run.clients, client);
    const auto slot = static_cast<sim::Slot>(place - run.clients.begin());
    auto scenario = without_client(run.scenario, slot);
    if (!scenario) return std::nullopt;
    scenario->check = checkers::PropertySet{told_.property};
    std::shared_ptr<const World> world = build_(*scenario);
    if (world->checked.empty()) return std::nullopt;
    auto steps = rest_of(run, *scenario, *world, slot);
    const bool is_another = run.is_another || !steps;
    if (!steps) steps = any_other(*scenario, *world);
    if (!steps) return std::nullopt;
    Run fewer{std::move(*scenario), std::move(world), std::move(*steps), run.clients, is_another};
    fewer.clients.erase(fewer.clients.begin() + slot);
    return fewer;
  }

  // That run among all clients, those that were left out running to their end.
  [[nodiscard]] std::optional<Counterexample> among_all(const Run& run, const Scenario& scenario,
                                                        const World& world) const {
    TriedSteps steps = run.steps;
    for (TriedStep& step : steps) {
      if (step.is_time) continue;
      const bool is_client = step.slot < run.clients.size();
      step.slot = is_client ? run.clients[step.slot]
                            : static_cast<sim::Slot>(step.slot - run.clients.size() + scenario.clients());
    }
    Trial trial(world, told_.property);
    if (!trial.violate(steps)) return std::nullopt;
    return same(scenario, world, trial.schedule());
  }

 private:
  // The run, if the same event violates the property there.
  [[nodiscard]] std::optional<Counterexample> same(const Scenario& scenario, const World& world,
                                                   const sim::Schedule& schedule) const {
    auto found = tell_showing(scenario, world, told_.property, schedule);
    const bool is_same = found && found->adverse_events <= told_.adverse_events && found->mechanism &&
                         found->mechanism->event == told_.mechanism->event;
    if (!is_same) return std::nullopt;
    return std::move(*found);
  }

  [[nodiscard]] std::optional<TriedSteps> rest_of(const Run& run, const Scenario& scenario,
                                                  const World& world, sim::Slot slot) const {
    TriedSteps rest;
    for (TriedStep step : run.steps) {
      if (!step.is_time && step.slot == slot) continue;
      if (!step.is_time && step.slot > slot) --step.slot;
      rest.push_back(step);
    }
    Trial trial(world, told_.property);
    auto found = trial.violate(rest);
    if (!found || !same(scenario, world, trial.schedule())) return std::nullopt;
    return std::move(found->steps);
  }

  [[nodiscard]] std::optional<TriedSteps> any_other(const Scenario& scenario, const World& world) const {
    const ShortestSearch found =
        find_shortest(world, told_.property, limits::kStatesWithoutAClient, told_.adverse_events);
    if (!found.schedule || !same(scenario, world, *found.schedule)) return std::nullopt;
    return Trial(world, told_.property).steps_of(*found.schedule);
  }

  const Counterexample& told_;
  const WorldBuilder& build_;
};

bool moves(const Counterexample& counterexample, sim::Slot slot) {
  return std::ranges::any_of(counterexample.steps, [&](const CounterexampleStep& step) {
    return !step.is_time && step.actor_slot == slot;
  });
}

// What they do loses nothing where it is left out.
void hide_steps(Counterexample& counterexample) {
  for (CounterexampleStep& step : counterexample.steps) {
    if (!step.is_time && !counterexample.needs(step.actor_slot)) step.is_relevant = false;
  }
}

}  // namespace

void leave_out_clients(std::size_t from, std::size_t until, Counterexample& counterexample) {
  for (std::size_t client = from; client < until; ++client) {
    if (counterexample.needs(client) && moves(counterexample, static_cast<sim::Slot>(client)))
      counterexample.not_needed.push_back(client);
  }
  std::ranges::sort(counterexample.not_needed);
  hide_steps(counterexample);
}

void find_needed_clients(const Scenario& scenario, const World& world, const WorldBuilder& build,
                         Counterexample& counterexample) {
  if (!counterexample.mechanism) return;
  auto steps = Trial(world, counterexample.property).steps_of(counterexample.schedule);
  if (!steps) return;
  // Shared with nobody: the world outlives this call.
  Run run{
      scenario, std::shared_ptr<const World>(std::shared_ptr<const World>(), &world), std::move(*steps), {}};
  run.clients.resize(scenario.clients());
  std::iota(run.clients.begin(), run.clients.end(), sim::Slot{0});
  const Removal removal(counterexample, build);
  // Equal clients can stand in for each other: those that do nothing go first.
  std::vector<sim::Slot> clients = run.clients;
  std::ranges::reverse(clients);
  std::ranges::stable_partition(clients, [&](sim::Slot client) { return !moves(counterexample, client); });
  for (const sim::Slot client : clients) {
    if (auto fewer = removal.from(run, client)) run = std::move(*fewer);
  }
  if (run.is_another) {
    auto other = removal.among_all(run, scenario, world);
    if (!other) return;  // those that were left out would not end by themselves, or matter after all
    other->decisive_step = find_decisive_step(world, other->property, other->schedule);
    other->mechanism = counterexample.mechanism;
    counterexample = std::move(*other);
  }
  for (sim::Slot client = 0; client < scenario.clients(); ++client) {
    const bool is_left = std::ranges::find(run.clients, client) != run.clients.end();
    if (!is_left && moves(counterexample, client)) counterexample.not_needed.push_back(client);
  }
  hide_steps(counterexample);
}

}  // namespace lockstorm::scenarios
