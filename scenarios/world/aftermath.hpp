// What somebody finds who looks at a backend after everything has settled.
#pragma once

#include <cstdint>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

struct Aftermath {
  models::GetStatus readable = models::GetStatus::failed;  ///< how reading the state ends
  models::StateSnapshot state;                             ///< what is read
  bool lock_shown = false;                                 ///< a lock is recorded, with an id
  bool lock_cleared = false;                               ///< ... and force-unlock with that id removes it
  /// Nobody can lock, and it is nobody's lock; neither did force-unlock help, if there was one to try.
  bool blocked = false;
  friend bool operator==(const Aftermath&, const Aftermath&) = default;
};

/// A fresh, lonely process reads the state, looks for a lock and removes it as the documentation says.
Aftermath find_aftermath(const World& world, const models::Backend& backend, sim::ValuePool& values,
                         const std::vector<sim::ValueId>& services);

/// By the servers' record somebody holds the lock, shown or not.
bool locked_by_record(const World& world, const sim::ValuePool& values,
                      const std::vector<sim::ValueId>& services);

}  // namespace lockstorm::scenarios
