// The kinds of adversity a run may contain, and how many of each (the budget).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/one_for_each.hpp"

namespace lockstorm::sim {

enum class Fault : std::uint8_t {
  crash,            ///< a process vanishes; what it sent stays in flight or is lost
  pause,            ///< a process stays unscheduled while the rest of the world goes on
  lose_request,     ///< a request never arrives
  lose_response,    ///< a request takes effect, its response never arrives
  late_request,     ///< the client gives up while its request is still on the way
  duplicate,        ///< a request arrives twice
  server_error,     ///< a server answers 5xx, before or after doing what was asked
  throttle,         ///< a server refuses without doing anything
  interrupt,        ///< SIGINT
  clock_skew,       ///< a client's clock is ahead of the others
  credentials_end,  ///< a client's requests are refused from then on
  outage,           ///< servers answer a client with 5xx for a while
  false_success,    ///< a request is answered as if it had been done, and nothing is done
};

inline constexpr std::size_t kFaultKinds = kCountOf<Fault>;
inline constexpr std::uint8_t kNoFault = 0xFF;

inline constexpr auto kFaultNames = text_for_each<Fault>(
    {"crash", "pause", "lose_request", "lose_response", "late_request", "duplicate", "server_error",
     "throttle", "interrupt", "clock_skew", "credentials_end", "outage", "false_success"});

constexpr std::string_view fault_name(Fault fault) { return kFaultNames[static_cast<std::size_t>(fault)]; }

/// How many faults of each kind one run may contain.
struct FaultBudget {
  std::array<std::uint8_t, kFaultKinds> count{};

  [[nodiscard]] constexpr std::uint8_t operator[](Fault fault) const {
    return count[static_cast<std::size_t>(fault)];
  }
  constexpr std::uint8_t& operator[](Fault fault) { return count[static_cast<std::size_t>(fault)]; }
  [[nodiscard]] constexpr unsigned total() const {
    unsigned sum = 0;
    for (const std::uint8_t n : count) sum += n;
    return sum;
  }
  friend auto operator<=>(const FaultBudget&, const FaultBudget&) = default;
};

/// Set of fault kinds, bit i = kind i.
using FaultMask = std::uint16_t;
constexpr FaultMask fault_bit(Fault fault) {
  return static_cast<FaultMask>(1U << static_cast<unsigned>(fault));
}

}  // namespace lockstorm::sim
