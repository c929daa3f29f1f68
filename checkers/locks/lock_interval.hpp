// Waits and recoveries: how long they are, and which is longer.
#pragma once

#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

/// Times may be any numbers: what would be too large is the largest.
inline std::chrono::nanoseconds difference(std::chrono::nanoseconds later, std::chrono::nanoseconds earlier) {
  using std::chrono::nanoseconds;
  const bool is_too_large = earlier < nanoseconds::zero() && later > nanoseconds::max() + earlier;
  return is_too_large ? nanoseconds::max() : later - earlier;
}

/// By their durations where both have one, else by the events in between.
inline bool is_longer(const LockInterval& a, const std::optional<LockInterval>& b) {
  if (!b) return true;
  return a.duration && b->duration ? *a.duration > *b->duration : a.events > b->events;
}

}  // namespace lockstorm::checkers
