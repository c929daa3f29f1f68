// Whether what jobs of two states have read and written fits an order in which they run one after the other.
#pragma once

#include <vector>

#include "models/terraform/outcome.hpp"

namespace lockstorm::scenarios {

/// Of the jobs that have applied: each has made a version of its own state, from the version of the other one
/// that it has used, if it reads that. `is_other`: by job, whether its state is the second one. True: some of
/// them come before each other in a circle, as in a write skew. Jobs that left no version behind say nothing.
bool fits_no_order(const std::vector<models::Outcome>& outcomes, const std::vector<bool>& is_other);

}  // namespace lockstorm::scenarios
