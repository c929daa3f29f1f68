// Which clients of a counterexample play no part in it, found by trying without them.
#pragma once

#include "scenarios/data/scenario.hpp"
#include "scenarios/story/counterexample.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// Fills `Counterexample::not_needed`: a client stays in the story only if without it the violation does not
/// happen. Each is left out of the scenario in turn, together with those before it: first the rest of the run
/// is tried, then the explorer looks for any run with no more adverse events. What is found counts where the
/// same event violates the property. A run that the explorer has found takes the counterexample's place: it
/// may have more steps, and has fewer who matter. `world` is the scenario's own, and `build` made it.
void find_needed_clients(const Scenario& scenario, const World& world, const WorldBuilder& build,
                         Counterexample& counterexample);

/// Leaves the clients of these slots out of the story, of which it is known that they play no part.
void leave_out_clients(std::size_t from, std::size_t until, Counterexample& counterexample);

}  // namespace lockstorm::scenarios
