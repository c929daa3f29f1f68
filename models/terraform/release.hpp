// What some release of the tools does otherwise than those that the models follow: bugs that were fixed, or
// came and went. Each is one setting, off by default, and names a public report.
#pragma once

#include <cstdint>

#include "sim/one_for_each.hpp"

namespace lockstorm::models {

/// After which endings a command forgets its lock: hashicorp/terraform#17624 (import after success), #18329
/// (a refused workspace delete), #28693 (a stale plan).
enum class LeaksLock : std::uint8_t { never, success, failure, always };
inline constexpr auto kLeaksLockNames =
    sim::text_for_each<LeaksLock>({"never", "success", "failure", "always"});

struct Release {
  LeaksLock leaks_lock = LeaksLock::never;
  /// The error of an unlock changes no exit status (before 0.14, hashicorp/terraform PR#25729).
  bool ignores_unlock_error = false;
  /// A refused lock is an error like any other, so that no -lock-timeout helps (hashicorp/terraform PR#31256,
  /// PR#27845).
  bool refusal_is_final = false;
  /// After an interrupt the unlock runs with a context that is cancelled, and sends nothing
  /// (opentofu/opentofu#3661).
  bool unlock_is_cancelled = false;
  /// Something inside the command asks for the lock that the command has (hashicorp/terraform#13215,
  /// 7507e3cd21).
  bool locks_twice = false;
  /// An apply whose graph cannot be built changes nothing and stores a state of nothing
  /// (hashicorp/terraform#30178).
  bool saves_empty = false;
  /// A lock request that was refused is cleaned up after, as if it had been granted
  /// (madelson/DistributedLock PR#228).
  bool cleans_up_refused = false;

  [[nodiscard]] bool leaks_after(bool success) const {
    return leaks_lock == LeaksLock::always ||
           leaks_lock == (success ? LeaksLock::success : LeaksLock::failure);
  }
  friend bool operator==(const Release&, const Release&) = default;
};

}  // namespace lockstorm::models
