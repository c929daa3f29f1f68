// Writes of a state, in a history that has its lock as well: was one acknowledged while another process held
// the lock all the time?
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "checkers/finding.hpp"
#include "checkers/history.hpp"
#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

/// Whether the call, as it was asked for or answered, changes a state: write, put, append, cas, a txn with
/// one.
[[nodiscard]] bool is_write(const History& history, const Call& call);

/// The first write that took effect, whenever that was, under another process's certain hold, and how many
/// did. `holds` come from the same history and do not overlap.
[[nodiscard]] std::optional<Finding> find_unguarded_write(const History& history,
                                                          std::span<const Call> writes,
                                                          std::span<const CertainHold> holds);

}  // namespace lockstorm::checkers
