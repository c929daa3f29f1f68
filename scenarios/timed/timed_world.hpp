// The world of a scenario as runs in virtual time need it: built once, shared by all runs.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

struct TimedWorld {
  Scenario scenario;
  std::shared_ptr<const TimedSettings> settings;  ///< never null; pipelines are not 0
  std::unique_ptr<World> world;
  std::vector<std::uint8_t> class_of_client;  ///< [client]: its process class; pipelines take turns
  std::uint32_t most_jobs_of_a_state = 0;     ///< at once: what its servers can tell apart
  std::optional<std::size_t> ci;              ///< the service that says which jobs still run
};

/// What the scenario says of virtual time, with what it leaves open filled in.
std::shared_ptr<const TimedSettings> timed_settings(const Scenario& scenario);

/// What cannot run in virtual time says why, and where.
std::expected<TimedWorld, InputError> timed_world(const Scenario& scenario);

}  // namespace lockstorm::scenarios
