// Properties that show once nothing moves any more: can the state be read, stale locks be cleared, is
// anything lost?
#pragma once

#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {

/// The check for end states of this world, which must outlive it. It remembers by value id, so every engine
/// run works on a copy of its own.
sim::EndCheck make_end_check(const Scenario& scenario, const World& world, const WorldParts& parts);

}  // namespace lockstorm::scenarios
