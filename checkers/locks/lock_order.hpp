// Is there a placing of all grants, releases, evictions and ends of leases, each within its time, that
// explains a lock's history? An exact search over the lock as a sequential object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkers/history/finding.hpp"
#include "checkers/linearizability/linearizability.hpp"
#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

struct LockOrder {
  Linearizable verdict = Linearizable::unknown;
  std::string why_unknown;
  std::size_t states = 0;
  /// Where there is none: how far it went, and what does not fit.
  std::optional<Finding> finding;
};

[[nodiscard]] LockOrder find_lock_order(std::span<const LockEvent> events, const LockBeginning& beginning,
                                        const SearchBudget& budget);

}  // namespace lockstorm::checkers
