// Who held which lock from when to when, as far as the answers of a recorded history tell: what its diagram
// draws as bands.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::reports {

struct LockBand {
  enum class End : std::uint8_t { none, released, released_by_another, evicted, crashed, lease };

  std::uint32_t lock = 0;  ///< number of its key in LockBands::keys
  std::uint32_t process = 0;
  std::uint32_t granted = 0;               ///< the event of the grant
  std::uint32_t until = checkers::kNever;  ///< the event that ended it; of a lease, the lock's next one
  End end = End::none;
  /// When the lease ran out, where that ended it.
  std::optional<std::chrono::nanoseconds> lease_end{};
};

struct LockBands {
  std::vector<checkers::Value> keys;  ///< nil for the only lock
  std::vector<LockBand> bands;        ///< in the order of their grants
};

/// A hold lasts from the answer to its acquire until its process asks for the release, another process is
/// told that it released or evicted it, its process crashes, or its lease runs out. It may have been taken
/// away before that: the verdict goes by the checkers, not by this.
[[nodiscard]] LockBands lock_bands(const checkers::History& history, std::span<const checkers::Call> calls);

}  // namespace lockstorm::reports
