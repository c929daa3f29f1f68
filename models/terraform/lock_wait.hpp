// The lock retry loop behind -lock-timeout (backend-protocols.md 2.2).
#pragma once

#include <chrono>
#include <functional>

#include "models/terraform/backend.hpp"

namespace lockstorm::models {

/// How the loop ended, beyond the last attempt's result.
struct LockWaitResult {
  LockResult last;
  std::uint16_t timed_out = 0;  ///< the deadline passed while the lock was held by somebody else
};

/// LockWithContext: attempts at 0, 1, 3, 7, 15, 31, 47 ... s until granted, not retriable, or the deadline
/// passes. The deadline is looked at only while sleeping; a zero timeout makes exactly one attempt
/// (2.2.3, 2.2.4). An inconsistent read is tried again at once. An interrupt ends the wait like the deadline,
/// never a running attempt (2.2.6): `stopped` says whether there has been one. The real wait ends at once,
/// this one when its timer fires. Being granted the lock is marked for the command of that number.
/// `refusal_is_final`: as releases do that take it for any other error.
LockWaitResult lock_with_timeout(sim::Process& self, const Backend& backend, const LockInfo& info,
                                 std::chrono::milliseconds lock_timeout,
                                 const std::function<bool()>& stopped = {}, std::size_t command = 0,
                                 bool refusal_is_final = false);

}  // namespace lockstorm::models
