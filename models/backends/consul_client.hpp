// What a consul client remembers between its calls (backend-protocols.md 3.5).
#pragma once

#include "models/backends/consul.hpp"

namespace lockstorm::models {

struct ConsulClient {
  std::uint16_t has_lock = 0;  ///< it has a lock object (and once had the lock)
  std::uint16_t lost = 0;      ///< the channel that tells of the loss is closed
  std::uint16_t number = 0;    ///< of the lock that the session was created for
  std::uint16_t turn = 0;      ///< which of two numbers the current session has

  void remember_lock(const LockId& id) {
    has_lock = 1;
    lost = 0;
    number = id.number % kReacquired;
  }

  /// The session in use now.
  [[nodiscard]] LockId session() const {
    return {sim::Who::me(), static_cast<std::uint16_t>(number + (turn != 0 ? kReacquired : 0U))};
  }

  /// From now on another session is used. Two numbers do: the session before the last one has been destroyed,
  /// and a request that still names it (one that a fault has delayed) finds it as dead as the real one does
  /// unless the lock is lost twice meanwhile.
  void next_session() { turn ^= 1U; }
};

}  // namespace lockstorm::models
