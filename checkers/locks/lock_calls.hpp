// The calls on a lock, how they ended, and which ids they name.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

/// A call on a lock; `answered` is kNever where no event tells how it ended.
struct LockCall {
  std::uint32_t invoked = 0, answered = kNever;  ///< indices of events
  EventType outcome = EventType::unknown;
};

/// In the order of their invocations. A crash ends what its process waits for.
[[nodiscard]] std::vector<LockCall> lock_calls(std::span<const LockEvent> events);

/// An invocation and its answer have the same id, or one of them has it; 0: neither.
[[nodiscard]] std::uint64_t id_of(std::span<const LockEvent> events, const LockCall& call);

/// Whom a refused acquire found; 0 where that is not told, or its own id is echoed.
[[nodiscard]] std::uint64_t holder_told(std::span<const LockEvent> events, const LockCall& call);

/// Of acquires that were granted, or may have been.
class AcquiredIds {
 public:
  AcquiredIds(std::span<const LockEvent> events, std::span<const LockCall> calls);

  [[nodiscard]] std::size_t times(std::uint64_t id) const {
    const auto found = times_.find(id);
    return found == times_.end() ? 0 : found->second;
  }
  /// Who acquired without an id may have acquired any.
  [[nodiscard]] bool has_anonymous() const { return times(0) > 0; }
  /// An id that nobody is told to have acquired.
  [[nodiscard]] bool is_foreign(std::uint64_t id) const { return id != 0 && times(id) == 0; }

 private:
  boost::unordered_flat_map<std::uint64_t, std::size_t> times_;
};

}  // namespace lockstorm::checkers
