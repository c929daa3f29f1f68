// What an engine concludes, in the words and exit codes every command uses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {

/// From best to worst for a set of results: the worst decides the exit status.
enum class Verdict : std::uint8_t { held, unknown, invalid, violated, nondeterministic };

constexpr std::string_view verdict_name(Verdict verdict) {
  constexpr auto kNames =
      sim::text_for_each<Verdict>({"held", "unknown", "invalid", "violated", "nondeterministic"});
  return kNames[static_cast<std::size_t>(verdict)];
}

/// Process exit status of a verdict.
constexpr int exit_status(Verdict verdict) {
  constexpr auto kStatus = sim::one_for_each<Verdict, int>({0, 2, 3, 1, 4});
  return kStatus[static_cast<std::size_t>(verdict)];
}

constexpr Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

inline constexpr int kExitUsage = 64;
inline constexpr int kExitBadInput = 65;
inline constexpr int kExitInternal = 70;

}  // namespace lockstorm::scenarios
