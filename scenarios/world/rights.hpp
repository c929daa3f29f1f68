// Rights that some clients lack, and those that they lose when their credentials end.
#pragma once

#include <optional>

#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// Lets the servers of a world refuse what its clients have no right to.
void apply_rights(const Scenario& scenario, World& world);

/// A request that nobody sends there, or credentials where nobody asks for any. Builds the world to see.
std::optional<Objection> objection_to_rights(const Scenario& scenario);

}  // namespace lockstorm::scenarios
