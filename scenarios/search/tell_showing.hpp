// A counterexample that live processes show, too.
#pragma once

#include <expected>
#include <string>

#include "scenarios/story/tell.hpp"

namespace lockstorm::scenarios {

/// The schedule, told (see `tell`) as a counterexample to the property; an error where the live run does not
/// show it, which it must.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        checkers::Property property,
                                                        const sim::Schedule& schedule);

}  // namespace lockstorm::scenarios
