// How often somebody who waits for a lock can be passed by others: at most so often, or without bound, which
// a circle in the graph of states proves.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/state_tables.hpp"

namespace lockstorm::sim {

/// What the waiting process may go through while it asks for the lock again and again and others are granted
/// it. It waits from when it has asked in vain to when it holds the lock by the services' record, or ends.
struct Overtaking {
  enum class Answer : std::uint8_t {
    unknown,   ///< there are more states than were allowed for
    bounded,   ///< in no run is somebody else granted the lock more than `most` times in one wait
    asleep,    ///< without bound, but only while the waiting process takes no part: it asks no more
    unbounded  ///< without bound, although it asks again and again
  };
  /// One step of the circle.
  struct Step {
    Slot slot = 0;
    bool is_effect = false;  ///< a request takes effect: the next two say which
    std::uint8_t service = 0;
    ValueId request = 0;
    bool is_granted = false;  ///< somebody else has the lock from here on
    bool is_in_vain = false;  ///< the waiting process asks for it, and does not get it
  };

  Answer answer = Answer::unknown;
  bool somebody_waits = false;  ///< the process asks in vain in some run
  std::size_t states = 0;       ///< that were looked at
  unsigned most = 0;
  /// Of the shortest run to the circle.
  std::size_t steps_before = 0;
  /// From a state back to it, so that a run may take it any number of times.
  std::vector<Step> circle;
};

/// Looks at every run without faults in which `waiter` and the others take part. Extends `tables`; throws
/// LimitExceeded as explorations do.
Overtaking find_overtaking(StateTables& tables, Slot waiter, std::size_t max_states);

}  // namespace lockstorm::sim
