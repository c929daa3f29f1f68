// Tells a schedule.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "scenarios/data/scenario.hpp"
#include "scenarios/story/counterexample.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

/// A schedule walked again on live processes, told step by step; an error where it does not fit the world.
/// `property`: what it is to be a counterexample to.
std::expected<Counterexample, std::string> tell(const Scenario& scenario, const World& world,
                                                const sim::Schedule& schedule,
                                                std::optional<checkers::Property> property = std::nullopt);

}  // namespace lockstorm::scenarios
