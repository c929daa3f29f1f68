// A few clients that apply on one backend and one server, explored without a scenario file.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/monitors.hpp"
#include "models/terraform/command.hpp"
#include "models/terraform/operator.hpp"
#include "models/terraform/outcome.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm {

/// The server under test is service 0.
struct SmallWorld {
  std::shared_ptr<const sim::AnyService> server;
  std::shared_ptr<const models::Backend> backend;
  models::StateSnapshot initial;  ///< what the server starts with; the cloud has it too
  std::uint16_t clients = 2;
  sim::FaultBudget faults;
  std::optional<models::UnlockTarget> force_unlock;  ///< whose locks an operator removes
  models::CommandOptions apply;
};

inline models::StateSnapshot earlier_state() {
  models::StateSnapshot state;
  state.lineage = state.writer = sim::Who::predecessor();
  state.serial = 1;
  state.instance[0] = 1;
  return state;
}

/// Visits every state; `at_end` sees each distinct end state.
inline sim::ExploreResult explore(
    const SmallWorld& world,
    const std::function<void(const sim::ValuePool&, const sim::EndState&)>& at_end = {}) {
  sim::WorldSpec spec;
  spec.services = {world.server,
                   sim::make_service(models::Cloud{static_cast<std::uint8_t>(world.initial.exists())}),
                   sim::make_service(models::Jobs{})};
  spec.budget = world.faults;
  spec.classes.push_back({"client",
                          [&](sim::Process& self) {
                            run_commands(self, *world.backend, sim::ServiceRef<models::Cloud>{1},
                                         world.apply);
                          },
                          world.clients, 0xFFFF});
  if (world.force_unlock) {
    spec.classes.push_back({"operator",
                            [&](sim::Process& self) {
                              run_force_unlock(self, *world.backend, sim::ServiceRef<models::Jobs>{2},
                                               *world.force_unlock);
                            },
                            1, 0});
  }
  const sim::EndCheck end_check = [&](const sim::ValuePool& values,
                                      const sim::EndState& end) -> sim::Violations {
    if (at_end) at_end(values, end);
    return 0;
  };
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  const sim::MonitorOf<checkers::Monitors> monitors;
  sim::ExploreOptions options;
  options.max_states = 4'000'000;
  sim::Explorer<4> explorer(tables, monitors, end_check, options);
  sim::ExploreResult result = explorer.run();
  EXPECT_TRUE(result.complete) << result.why_incomplete;
  return result;
}

/// Safety properties only: what shows before the end.
inline bool violates(const sim::ExploreResult& result, checkers::Property property) {
  return checkers::PropertySet::from_bits(result.violated).contains(property);
}

inline sim::FaultBudget one(sim::Fault fault) {
  sim::FaultBudget budget;
  budget[fault] = 1;
  return budget;
}

/// Outcomes of the clients of an end state.
inline std::vector<models::Outcome> client_outcomes(const sim::ValuePool& values, const sim::EndState& end,
                                                    std::size_t clients = 2) {
  std::vector<models::Outcome> outcomes;
  for (std::size_t i = 0; i < clients; ++i) {
    if (const sim::ValueId outcome = end.processes[i].outcome; outcome != 0)
      outcomes.push_back(values.get<models::Outcome>(outcome));
  }
  return outcomes;
}

/// Runs bodies to their end one after the other, each in a process of its own on the same server.
inline void run_in_turn(std::shared_ptr<const sim::AnyService> server,
                        const std::vector<sim::Process::Body>& bodies) {
  sim::WorldSpec spec;
  spec.services.push_back(std::move(server));
  for (const sim::Process::Body& body : bodies) spec.classes.push_back({"job", body, 1, 0});
  sim::ValuePool values;
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(spec, values, nothing);
  while (!simulator.finished()) simulator.take(0);  // the first process that can move
}

}  // namespace lockstorm
