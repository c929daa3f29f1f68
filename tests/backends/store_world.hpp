// Small worlds around one object store, and what their explorations found.
#pragma once

#include <algorithm>
#include <string>

#include "tests/backends/small_world.hpp"

namespace lockstorm {

/// Where the store of a world is: the first of its services.
template <sim::Service Store>
inline constexpr sim::ServiceRef<Store> kStore{0};

/// A store with a state in it.
template <sim::Service Store>
Store existing() {
  Store store;
  store.initial_state = earlier_state();
  return store;
}

struct Found {
  sim::ExploreResult explored;
  std::vector<models::Outcome> outcomes;  ///< of every client in every end state

  [[nodiscard]] bool violated(checkers::Property property) const { return violates(explored, property); }
  [[nodiscard]] bool reached(models::Ending ending) const {
    return std::ranges::any_of(outcomes, [&](const auto& outcome) { return outcome.ending == ending; });
  }
  /// A client was refused by a lock of its own.
  [[nodiscard]] bool own_lock_shown() const {
    return std::ranges::any_of(outcomes, [](const auto& outcome) { return outcome.own_lock_shown != 0; });
  }
};

/// Clients of `backend`, which must outlive it, on a store of that model.
template <sim::Service Store>
class StoreWorld {
 public:
  StoreWorld(const Store& store, const models::Backend& backend) : store_(store), backend_(backend) {}

  models::CommandOptions apply;
  sim::FaultBudget faults;
  std::uint16_t clients = 2;
  bool operator_unlocks_anything = false;
  bool state_exists = true;

  /// `at_end(store)`: looks at the store in every end state.
  template <class AtEnd>
  Found explore(AtEnd&& at_end) const {
    SmallWorld world;
    world.server = sim::make_service(store_);
    world.backend = std::shared_ptr<const models::Backend>(std::shared_ptr<void>(), &backend_);
    if (state_exists) world.initial = earlier_state();
    world.clients = clients;
    world.faults = faults;
    if (operator_unlocks_anything) world.force_unlock = models::UnlockTarget::any;
    world.apply = apply;
    Found found;
    found.explored = lockstorm::explore(world, [&](const sim::ValuePool& values, const sim::EndState& end) {
      at_end(values.get<typename Store::Value>(end.services[0]));
      std::ranges::copy(client_outcomes(values, end, clients), std::back_inserter(found.outcomes));
    });
    return found;
  }
  Found explore() const {
    return explore([](const typename Store::Value&) {});
  }

 private:
  Store store_;
  const models::Backend& backend_;
};

/// Runs bodies to their end one after the other without faults, each in a process of its own on the same
/// servers; the operations that took effect at them, in order.
inline std::vector<std::string> operations_in_turn(
    const std::vector<std::shared_ptr<const sim::AnyService>>& servers,
    const std::vector<sim::Process::Body>& bodies) {
  sim::WorldSpec spec;
  spec.services = servers;
  for (const sim::Process::Body& body : bodies) spec.classes.push_back({"job", body, 1, 0});
  sim::ValuePool values;
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(spec, values, nothing);
  std::vector<std::string> operations;
  while (!simulator.finished()) {
    const sim::StepRecord record = simulator.take(0);  // the first process that can move
    if (record.step.move.is_effect())
      operations.push_back(servers[record.service]->operation(values, record.request));
  }
  return operations;
}

template <sim::Service Store>
std::vector<std::string> operations_in_turn(const Store& store,
                                            const std::vector<sim::Process::Body>& bodies) {
  return operations_in_turn(std::vector<std::shared_ptr<const sim::AnyService>>{sim::make_service(store)},
                            bodies);
}

}  // namespace lockstorm
