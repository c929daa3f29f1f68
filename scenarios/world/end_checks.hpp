// Properties that show once nothing moves any more: can the state be read, stale locks be cleared, is
// anything lost?
#pragma once

#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {

/// What is wrong with end states of this world, which must outlive it, with regard to what is checked in it.
/// It remembers by value id, so every engine run works on a copy of its own.
EndFaults make_end_faults(const Scenario& scenario, const World& world, const WorldParts& parts);

/// The check that says which properties these faults violate.
sim::EndCheck end_check_by(EndFaults faults);

}  // namespace lockstorm::scenarios
