// Makes a counterexample small: fewer steps by trying, then the fewest of all by proof where what is left can
// be exhausted.
#pragma once

#include "scenarios/data/scenario.hpp"
#include "scenarios/world/world.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

struct Shrunk {
  sim::Schedule schedule;  ///< fits the scenario's own world
  unsigned adverse_events = 0;
  /// Nothing smaller violates the property: fewest adverse events, then fewest clients, then fewest steps
  /// until it does.
  bool proved = false;
  unsigned clients = 0;  ///< the first clients that it needs; the others only run to their end. 0: all
};

/// `schedule` violates `property` in the scenario's world; so does the result. `max_states`: what the
/// explorer may visit. `build` made the world and makes the smaller ones.
Shrunk shrink(const Scenario& scenario, const World& world, checkers::Property property,
              const sim::Schedule& schedule, std::size_t max_states, const WorldBuilder& build);

}  // namespace lockstorm::scenarios
