// Which operations of a recorded history its page draws: all of a short one; of a long one those around what
// the findings name, in parts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checkers/history/history.hpp"
#include "checkers/judge.hpp"

namespace lockstorm::reports {

/// Events that follow each other, from the first to the last.
struct ShownPart {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  /// That begin between the part before this one, or the beginning, and this one and are not drawn.
  std::uint64_t left_out_before = 0;
};

struct ShownHistory {
  /// In the order of their invocations. One that lasts longer than its part is drawn across the gap.
  std::vector<checkers::Call> calls;
  std::vector<ShownPart> parts;
  std::uint64_t left_out_after = 0;
  std::uint64_t all = 0;
};

/// The events that a finding names, in its order, each once. Empty where lines do not tell events apart.
[[nodiscard]] std::vector<std::uint32_t> events_named(const checkers::History& history,
                                                      const checkers::Finding& finding);

/// A browser stays quick with as many operations as are drawn at most.
inline constexpr std::size_t kMostShownCalls = 1500;

[[nodiscard]] ShownHistory shown_history(const checkers::History& history,
                                         std::span<const checkers::Call> calls,
                                         std::span<const checkers::KeyVerdict> verdicts,
                                         std::size_t most = kMostShownCalls);

}  // namespace lockstorm::reports
