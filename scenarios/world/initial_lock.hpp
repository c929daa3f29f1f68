// A lock that stands there when a world begins: of a job that is no more.
#pragma once

#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// Lets the servers of a world begin with a lock that an earlier job has left, of that kind.
void begin_locked(InitialLock kind, World& world);

}  // namespace lockstorm::scenarios
