// Writes of a state, in a history that has its lock as well: can each have happened at a moment when no other
// process held the lock?
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "checkers/history/finding.hpp"
#include "checkers/history/history.hpp"
#include "checkers/locks/lock_history.hpp"
#include "checkers/locks/lock_order.hpp"
#include "checkers/locks/lock_reader.hpp"

namespace lockstorm::checkers {

/// Whether the call, as it was asked for or answered, changes a state: write, put, append, cas, a txn with
/// one.
[[nodiscard]] bool is_write(const History& history, const Call& call);

/// Is there an order of the lock's steps in which each acknowledged write happens, within its time, at a
/// moment when no other process holds the lock? Where there is none, it is told by the first write under
/// another's certain hold, and how many there are; else by the longest order. `holds` are those of the same
/// lock.
[[nodiscard]] LockOrder find_guarded_order(const History& history, std::span<const Call> writes,
                                           const LockHistory& lock, std::span<const CertainHold> holds,
                                           const SearchBudget& budget);

}  // namespace lockstorm::checkers
