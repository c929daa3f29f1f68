// A scenario made runnable: the world both engines simulate, and what is checked in it.
#pragma once

#include <memory>

#include "checkers/monitors.hpp"
#include "models/backends/backend.hpp"
#include "scenarios/scenario.hpp"
#include "sim/end_state.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// Everything a run needs; the spec's process bodies refer to the other members, so worlds are not copied.
struct World {
  sim::WorldSpec spec;
  std::shared_ptr<const models::Backend> backend;
  std::vector<std::shared_ptr<const void>> owned;  ///< whatever else bodies refer to
  sim::EndCheck end_check;                         ///< copy it before use: it remembers what it has seen
  checkers::Monitors monitors;
  checkers::PropertySet applicable = 0;  ///< properties that mean something here
  checkers::PropertySet checked = 0;     ///< applicable and asked for
};

/// Builds the world of a scenario.
std::unique_ptr<World> build_world(const Scenario& scenario);

}  // namespace lockstorm::scenarios
