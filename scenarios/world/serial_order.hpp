// Whether what jobs of two states have read and written fits an order in which they run one after the other.
#pragma once

#include <array>
#include <vector>

#include "models/terraform/outcome.hpp"

namespace lockstorm::scenarios {

/// The two states as they are stored at the end: the first, the second.
using StandingStates = std::array<models::StateSnapshot, 2>;

/// Each job that has applied has made a version of its own state, from the version of the other one that it
/// has used, if it reads that. `is_other`: by job, whether its state is the second one. True: some of them
/// come before each other in a circle, as in a write skew.
///
/// Whoever ended says what it has saved. What a job has saved that was killed, or that never learnt of it, is
/// told by the stored states alone, so that it counts as long as it stands there: a later version is made
/// anew. What somebody has saved by its own account only (the answer was made up) and what was put back to an
/// older version count nothing.
bool fits_no_order(const std::vector<models::Outcome>& outcomes, const std::vector<bool>& is_other,
                   const StandingStates& standing);

}  // namespace lockstorm::scenarios
