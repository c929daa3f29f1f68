// What a consul client remembers between calls, as flags of its process (backend-protocols.md 3.5).
#pragma once

#include <cassert>

#include "models/backends/consul.hpp"
#include "models/backends/process_flags.hpp"

namespace lockstorm::models::consul_client {

using Status = Consul::Status;

inline constexpr std::uint16_t kHasLock =
    1U << process_flags::kConsulShift;                  ///< it has a lock object (and once had the lock)
inline constexpr std::uint16_t kLost = kHasLock << 1U;  ///< the channel that tells of the loss is closed
inline constexpr std::uint16_t kTurn = kHasLock << 2U;  ///< which of two numbers the current session has

inline constexpr unsigned kNumberShift = process_flags::kConsulShift + 3;
inline constexpr std::uint16_t kNumber = 7U
                                         << kNumberShift;  ///< of the lock that the session was created for
inline constexpr std::uint16_t kInit = 7;                  ///< stands for kInitLock

static_assert((kHasLock | kLost | kTurn | kNumber) == process_flags::kConsul);

inline bool has(const sim::Process& self, std::uint16_t flag) { return (self.flags() & flag) != 0; }

/// A command is a process of its own: it starts with a new client. After an unlock, too, nothing is left.
inline void forget_lock(sim::Process& self) { self.set_flag(kHasLock | kLost | kTurn | kNumber, false); }

inline void remember_lock(sim::Process& self, const LockId& id) {
  const bool init = id.number % kReacquired == kInitLock;
  const unsigned number = init ? kInit : id.number % kReacquired;
  assert(init || number < kInit);
  self.set_flag(kNumber, false);
  self.set_flag(static_cast<std::uint16_t>(kHasLock | number << kNumberShift), true);
}

/// The session in use now.
inline LockId current_session(const sim::Process& self) {
  const unsigned number = (self.flags() & kNumber) >> kNumberShift;
  const unsigned turn = has(self, kTurn) ? kReacquired : 0U;
  return {sim::Who::me(), static_cast<std::uint16_t>((number == kInit ? kInitLock : number) + turn)};
}

/// From now on another session is used. Two numbers do: the session before the last one has been destroyed,
/// and a request that still names it (one that a fault has delayed) finds it as dead as the real one does
/// unless the lock is lost twice meanwhile.
inline void next_session(sim::Process& self) { self.set_flag(kTurn, !has(self, kTurn)); }

}  // namespace lockstorm::models::consul_client
