// Jobs of other states that take this very lock, because what it is called by is not the state's alone.
#pragma once

#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// Who they are, once the world has been built: processes from `first` on.
struct LockSharers {
  sim::Slot first = 0;
  std::uint8_t count = 0;
};

/// Marks refusals that come from one of them: `elsewhere`, a ghost. `alone`: there is one client only, so
/// that who is refused without a name was refused by them.
BackendWrap noticing_sharers(std::shared_ptr<const LockSharers> sharers, bool alone, BackendWrap wrap);

/// Adds them to a world that has its clients.
void add_lock_sharers(std::uint8_t count, LockSharers& sharers, World& world);

}  // namespace lockstorm::scenarios
