// People who interfere with a world: force-unlock, and what they do to the stores by hand.
#pragma once

#include <optional>

#include "models/backends/by_hand.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// The stores of a world as people get at them.
models::Stores stores_of(const World& world);

/// A process for each of them.
void add_people(const Scenario& scenario, World& world);

/// An act that is impossible here, or a lock that cannot be left there: what is wrong, and the nearest thing
/// that is possible. Builds the world to see.
std::optional<Objection> objection_to_people(const Scenario& scenario);

}  // namespace lockstorm::scenarios
