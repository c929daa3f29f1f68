// What an engine concludes, in the words and exit codes every command uses.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace lockstorm::scenarios {

/// From best to worst for a set of results: the worst decides the exit status.
enum class Verdict : std::uint8_t { held, unknown, invalid, violated, nondeterministic };

constexpr std::string_view verdict_name(Verdict verdict) {
  constexpr std::array<std::string_view, 5> kNames{"held", "unknown", "invalid", "violated",
                                                   "nondeterministic"};
  return kNames[static_cast<std::size_t>(verdict)];
}

/// Process exit status of a verdict.
constexpr int exit_status(Verdict verdict) {
  constexpr std::array<int, 5> kStatus{0, 2, 3, 1, 4};
  return kStatus[static_cast<std::size_t>(verdict)];
}

constexpr Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

inline constexpr int kExitUsage = 64;
inline constexpr int kExitBadInput = 65;
inline constexpr int kExitInternal = 70;

}  // namespace lockstorm::scenarios
