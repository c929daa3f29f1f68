// Puts the clients of a scenario into its world: a process class for each fleet, on services they share.
#pragma once

#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {

/// Builds every fleet's backend in the world and adds its clients, the first fleet's first. What the fleets
/// contribute together is in `parts` afterwards.
void add_fleets(const Scenario& scenario, World& world, WorldParts& parts);

/// The scenario as one fleet sees it.
Scenario scenario_of(const Scenario& scenario, const Fleet& fleet);

}  // namespace lockstorm::scenarios
