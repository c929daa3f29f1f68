// What one run of a scenario violates, when numbers say which steps it takes.
#pragma once

#include <cstdint>
#include <span>

#include "checkers/property_set.hpp"
#include "scenarios/data/scenario.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

struct WalkedScenario {
  checkers::PropertySet violations;  ///< of those that are checked in it
  bool ended = false;
  sim::Schedule schedule;
};

/// The run that `sim::walk` makes of the numbers.
WalkedScenario walk_scenario(const Scenario& scenario, std::span<const std::uint32_t> picks);

inline checkers::PropertySet violated_by(const Scenario& scenario, std::span<const std::uint32_t> picks) {
  return walk_scenario(scenario, picks).violations;
}

}  // namespace lockstorm::scenarios
