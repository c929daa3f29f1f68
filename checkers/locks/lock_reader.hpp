// Reads the histories of locks from recorded events: acquire, release, evict, crash.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"
#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

struct LockHistory {
  /// The lock's key, nil where there is only one.
  Value key;
  std::vector<LockEvent> events;
  LockBeginning beginning{};
};

/// One for each lock, in the order in which they are first asked for. A crash is an event of each lock.
/// Values are nil, a token, or {id, token, lease_ns} (docs/histories.md). `beginning`: of every lock. Events
/// of other functions are errors, or left out where the history may have them.
[[nodiscard]] std::expected<std::vector<LockHistory>, HistoryError> locks_of(
    const History& history, const InitialPart& beginning = {}, bool may_have_others = false);

/// What a function does to a lock: acquire or lock, release or unlock, evict or force-unlock, crash.
[[nodiscard]] std::optional<LockStep> lock_step_named(std::string_view function);

}  // namespace lockstorm::checkers
