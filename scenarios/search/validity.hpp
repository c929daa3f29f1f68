// Whether a verification that found no violation shows anything.
#pragma once

#include <cstddef>

#include "scenarios/search/verify_result.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// The verdict of a property that no run violated.
Verdict verdict_of_unviolated(const World& world, checkers::Property property, bool complete,
                              std::size_t cut_off);

/// Whether the run shows anything at all: where some command never succeeds, or what was declared never took
/// effect, the verdict becomes invalid and `why` says so. `result` has the verdicts of its properties and
/// what commands have come to; violations outrank all that. `max_states`: for the search without faults and
/// operators.
void settle_validity(VerifyResult& result, const World& world, std::size_t max_states);

}  // namespace lockstorm::scenarios
