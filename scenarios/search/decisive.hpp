// The decisive moment of a counterexample: the step after which the violation could not be avoided any more.
#pragma once

#include "checkers/property_set.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/state_tables.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

/// Number (from 1) of the first step of `schedule` after which every continuation violates the property,
/// kFromTheStart where every run does; 0 if the search for a way out grew larger than `max_states`. W: words
/// a state is packed into: 1, 2 or 4.
template <int W>
std::size_t decisive_step(sim::StateTables& tables, const World& world, checkers::Property property,
                          const sim::Schedule& schedule, std::size_t max_states);

}  // namespace lockstorm::scenarios
