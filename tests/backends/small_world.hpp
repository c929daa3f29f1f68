// Hand-built worlds for backend tests: two clients, perhaps an operator, explored to the end.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "checkers/monitors.hpp"
#include "models/cloud/cloud.hpp"
#include "models/terraform/apply.hpp"
#include "models/terraform/operator.hpp"
#include "sim/explorer.hpp"
#include "sim/simulator.hpp"

namespace lockstorm {

/// What an exploration found.
struct Found {
  sim::ExploreResult explored;
  std::vector<models::Outcome> outcomes;  ///< of every process in every end state

  [[nodiscard]] bool violated(checkers::Property property) const {
    return (explored.violated & checkers::property_bit(property)) != 0;
  }
  [[nodiscard]] bool reached(models::Ending ending) const {
    return std::ranges::any_of(outcomes, [&](const auto& outcome) { return outcome.ending == ending; });
  }
  /// A client was refused by a lock of its own.
  [[nodiscard]] bool own_lock_shown() const {
    return std::ranges::any_of(outcomes, [](const auto& outcome) { return outcome.own_lock_shown != 0; });
  }
};

/// `store` is service 0, the cloud service 1.
template <sim::Service Store>
class SmallWorld {
 public:
  SmallWorld(const Store& store, const models::Backend& backend) : store_(store), backend_(backend) {}

  models::ApplyOptions apply;
  sim::FaultBudget faults;
  std::uint16_t clients = 2;
  bool operator_unlocks_anything = false;
  bool state_exists = true;

  /// `at_end(store)`: looks at the store in every end state.
  template <class AtEnd>
  Found explore(AtEnd&& at_end) const {
    const sim::WorldSpec spec = build();
    sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
    const checkers::Monitors monitors;
    Found found;
    const sim::EndCheck check = [&](sim::ValuePool& values, const sim::EndState& end) -> sim::Violations {
      at_end(values.get<typename Store::Value>(end.services[0]));
      for (const auto& process : end.processes) {
        if (process.outcome != 0) found.outcomes.push_back(values.get<models::Outcome>(process.outcome));
      }
      return 0;
    };
    sim::Explorer<2, checkers::Monitors> explorer(tables, monitors, check, {});
    found.explored = explorer.run();
    EXPECT_TRUE(found.explored.complete) << found.explored.why_incomplete;
    return found;
  }
  Found explore() const {
    return explore([](const typename Store::Value&) {});
  }

 private:
  sim::WorldSpec build() const {
    sim::WorldSpec spec;
    spec.services.push_back(sim::make_service(store_));
    spec.services.push_back(
        sim::make_service(models::Cloud{state_exists ? std::uint8_t{1} : std::uint8_t{0}}));
    spec.budget = faults;
    const sim::ServiceRef<models::Cloud> cloud{1};
    spec.classes.push_back({"client",
                            [this, cloud](sim::Process& self) { run_applies(self, backend_, cloud, apply); },
                            clients, 0xFFFF});
    if (operator_unlocks_anything) {
      spec.classes.push_back(
          {"operator",
           [this](sim::Process& self) { run_force_unlock(self, backend_, {}, models::UnlockTarget::any); }, 1,
           0});
    }
    return spec;
  }

  Store store_;
  const models::Backend& backend_;
};

/// Runs bodies to their end one after the other without faults, each in a process of its own on the same
/// store; the operations that took effect at it, in order.
template <sim::Service Store>
std::vector<std::string> run_in_turn(const Store& store, const std::vector<sim::Process::Body>& bodies) {
  sim::WorldSpec spec;
  spec.services.push_back(sim::make_service(store));
  for (const sim::Process::Body& body : bodies) spec.classes.push_back({"job", body, 1, 0});
  sim::ValuePool values;
  const sim::NoMonitor nothing;
  sim::Simulator<sim::NoMonitor> simulator(spec, values, nothing);
  std::vector<std::string> operations;
  while (!simulator.finished()) {
    const sim::StepRecord record = simulator.take(0);  // the first process that can move
    if (record.step.move.is_effect()) {
      operations.emplace_back(Store::operation(values.get<typename Store::Request>(record.request)));
    }
  }
  return operations;
}

/// What a state file records before the first step of a world whose state exists.
inline models::StateSnapshot existing_state() {
  models::StateSnapshot state;
  state.lineage = sim::Who::predecessor();
  state.writer = sim::Who::predecessor();
  state.serial = 1;
  state.instance[0] = 1;
  return state;
}

}  // namespace lockstorm
