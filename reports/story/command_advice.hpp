// What would have prevented a counterexample, where it lies in the commands that the clients run rather than
// in their backend.
#pragma once

#include <optional>
#include <string>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// Nothing when all clients just apply, or when what they run is not to blame.
std::optional<std::string> command_prevention(const scenarios::Scenario& scenario,
                                              const scenarios::Counterexample& counterexample);

/// The write to a backend from which the state had been migrated away, or null.
const scenarios::CounterexampleStep* write_to_old_backend(const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
