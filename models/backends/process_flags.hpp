// Which bits of a process's flags each client has for what the real one keeps in memory between its calls.
#pragma once

#include <cstdint>

#include "checkers/monitors.hpp"

namespace lockstorm::models::process_flags {

// A migration has two clients in one process, so no two kinds share a bit; two of one kind would, which is
// why a scenario refuses them.
inline constexpr unsigned kConsulShift = 2;
inline constexpr std::uint16_t kConsul = 0x3FU << kConsulShift;
inline constexpr std::uint16_t kLocal = 1U << 8U | 1U << 14U;
inline constexpr unsigned kHttpShift = 9;
inline constexpr std::uint16_t kHttp = 0x1FU << kHttpShift;
inline constexpr std::uint16_t kRemote = 1U << 15U;

inline constexpr std::uint16_t kCheckers = checkers::kInCriticalSection | checkers::kReadsToCompare;
static_assert((kCheckers ^ kConsul ^ kLocal ^ kHttp ^ kRemote) == 0xFFFF,
              "no bit is used twice, none is free");

}  // namespace lockstorm::models::process_flags
