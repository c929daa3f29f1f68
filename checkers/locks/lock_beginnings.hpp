// What a lock may have been held by at the beginning, where nobody says: as few ids as decide it for all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checkers/locks/lock_calls.hpp"

namespace lockstorm::checkers {

/// Ids, 0 for a lock that was free. What the history names and nobody acquires may have been there; if any
/// such beginning explains the history, one of these does.
[[nodiscard]] std::vector<std::uint64_t> lock_beginnings(std::span<const LockEvent> events,
                                                         std::span<const LockCall> calls,
                                                         const LockBeginning& said);

}  // namespace lockstorm::checkers
