// What a service says about one effect, for the monitors; engines carry the bits without knowing them.
#pragma once

#include <cstdint>

namespace lockstorm::checkers {

/// Bits of `sim::Tags`.
enum Tag : std::uint16_t {
  kReadsState = 1U << 0,      ///< returned the current state file in full
  kWritesState = 1U << 1,     ///< replaced (or deleted) the state file
  kSerialWentBack = 1U << 2,  ///< kWritesState: same lineage, serial lower than the one replaced
  kSameSerialOtherText =
      1U << 3,  ///< kWritesState: same lineage and serial as the one replaced, other content
  kTouchesForeignLock = 1U << 4,  ///< removed or altered a lock whose id is not the one the request meant
  kChangesCloud = 1U << 5,        ///< created, updated or deleted a real resource
  kCreatesTwin = 1U << 6,         ///< created a real resource whose address already has a live one
  kRobsLiveLease = 1U << 7,       ///< a recovery took over a lock whose holder's lease had not expired
  kReadsStaleState = 1U << 8,     ///< returned an older state file (eventually consistent store)
  kOfOtherState = 1U << 9,        ///< with a tag above: the state file that a migration goes to
  kDestroysUnasked = 1U << 10,    ///< kChangesCloud: nobody asked for what was destroyed to be destroyed
  kDeletesState = 1U << 11,       ///< kWritesState: there is no state file after it
  kNotAsApproved = 1U << 12,      ///< an orchestrator applies, or reports as applied, what was not approved
};

}  // namespace lockstorm::checkers
