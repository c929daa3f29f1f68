// What a simulated process waits for at one point, and what it may observe there.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/value.hpp"

namespace lockstorm::sim {

/// Index of a fiber inside its process; 0 is the process's main fiber.
using FiberIndex = std::uint8_t;
inline constexpr std::size_t kMaxFibersPerProcess = 4;

enum class ActionKind : std::uint8_t {
  none,    ///< not started, ended, or waiting for another fiber of the process
  call,    ///< one RPC: `service`, `argument` = request
  sleep,   ///< a timer: `argument` = milliseconds
  wait,    ///< a timer that a deadline may cut short: `argument` = milliseconds
  choose,  ///< a free choice below `argument`
  work,    ///< something that takes unbounded time inside the process (a human prompt, a plan)
  signal,  ///< until the process is sent an interrupt
  now,     ///< reads the clock
  recall,  ///< replay only: a finished scope or a loop head, answered from memory
};

/// What one fiber is parked on.
struct Action {
  ActionKind kind = ActionKind::none;
  std::uint8_t service = 0;
  std::uint16_t about = 0;     ///< what a choice decides, in the numbering of whoever wrote the process
  std::uint32_t argument = 0;  ///< request id, milliseconds, or number of choices

  friend auto operator<=>(const Action&, const Action&) = default;
};

/// What a parked fiber is told. Service responses are their `ValueId`; the rest are the constants below.
using Observation = std::uint32_t;

namespace observe {
inline constexpr Observation kSpecial = 0xF000'0000U;
inline constexpr Observation kNoAnswer = kSpecial;  ///< the client gave up on a call: its effect is unknown
inline constexpr Observation kWoke = kSpecial + 1;  ///< the timer fired
inline constexpr Observation kDeadline = kSpecial + 2;  ///< the deadline came first
inline constexpr Observation kDone = kSpecial + 3;      ///< work finished
inline constexpr Observation kSignal = kSpecial + 4;
inline constexpr Observation kChoice =
    kSpecial + 0x100;  ///< + the chosen number, or the tick that `now` read
}  // namespace observe

}  // namespace lockstorm::sim
