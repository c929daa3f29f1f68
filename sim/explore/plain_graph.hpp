// Every reachable state and step of a world, one by one and without any reduction: what other tools count
// when they are given the same world.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/end_state.hpp"
#include "sim/explore/state_tables.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {

/// States are numbered breadth first, from 0.
struct PlainGraph {
  struct Step {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    LocalId local = 0;       ///< state of the process that takes it
    std::uint16_t move = 0;  ///< of that state
    Slot slot = 0;           ///< behind the last process: time
    Violations violations = 0;
  };
  /// A state from which there is no step.
  struct End {
    std::uint32_t state = 0;
    std::vector<LocalId> processes;
    std::vector<ServiceStateId> services;
    Violations violations = 0;
  };

  bool complete = false;  ///< false: there are more states than were allowed for
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::vector<Step> steps;  ///< in order of `from`; only where they were asked for
  std::vector<End> ends;
  Violations violated = 0;  ///< by a step or at an ending
};

struct PlainGraphOptions {
  std::size_t max_states = std::size_t{1} << 26U;
  bool keep_steps = false;
};

/// No symmetry, no local-step reduction, no search for hangs. Extends `tables` with all that the steps need.
/// Throws LimitExceeded as explorations do.
PlainGraph plain_graph(StateTables& tables, const AnyMonitor& monitor, const EndCheck& end_check,
                       const PlainGraphOptions& options);

}  // namespace lockstorm::sim
