// Runs one process without faults or company on servers as some world has left them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {

/// Sees each step after it was taken, and the value of every service then.
using StepVisitor =
    std::function<void(const sim::StepRecord& record, const std::vector<sim::ValueId>& services)>;

/// Whom a process that runs alone is: the first or second one of those who come after all processes of the
/// world, so that it owns nothing.
struct Newcomer {
  std::string name;
  std::uint16_t number = 0;
};

/// Runs `body` to its end on the world's services, which begin with the given values and do not notice when
/// processes end or time passes. Returns what the services are afterwards.
std::vector<sim::ValueId> run_alone(const World& world, sim::ValuePool& values,
                                    const std::vector<sim::ValueId>& services, const Newcomer& who,
                                    const sim::Process::Body& body, const StepVisitor& visitor = {});

/// How reports call processes, the newcomer included.
sim::SpecNames names_with(const World& world, const Newcomer& who);

}  // namespace lockstorm::scenarios
