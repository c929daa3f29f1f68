// Names a process inside a value, so that values can be renamed when equal clients swap places.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace lockstorm::sim {

/// Index of a process in its world, from 0.
using Slot = std::uint16_t;

/// A process as a value sees it. Requests, responses and anything a client remembers say `me()` for the
/// client itself, so that equal clients share one automaton; service values are absolute and never say
/// `me()`.
struct Who {
  std::uint16_t code = 0;

  static constexpr Who nobody() { return {0}; }
  static constexpr Who me() { return {1}; }
  static constexpr Who process(Slot slot) { return {static_cast<std::uint16_t>(slot + 2)}; }

  /// Somebody before the world began; the nth of several.
  static constexpr Who predecessor(std::uint16_t n = 0) { return {static_cast<std::uint16_t>(0xFFFF - n)}; }
  [[nodiscard]] constexpr bool is_predecessor() const { return code > kPredecessors; }

  [[nodiscard]] constexpr bool is_nobody() const { return code == 0; }
  [[nodiscard]] constexpr bool is_me() const { return code == 1; }
  /// Slot of an absolute name; only meaningful when it is neither nobody nor me.
  [[nodiscard]] constexpr Slot slot() const { return static_cast<Slot>(code - 2); }

  [[nodiscard]] constexpr Who absolute(Slot self) const { return is_me() ? process(self) : *this; }
  [[nodiscard]] constexpr Who relative(Slot self) const { return *this == process(self) ? me() : *this; }

  friend constexpr auto operator<=>(const Who&, const Who&) = default;

 private:
  static constexpr std::uint16_t kPredecessors = 0xFF00;
};

/// Processes in one world, at most.
inline constexpr std::size_t kMaxProcesses = 127;

/// Set of processes, bit i = slot i; the last bit stands for everybody from before the world began.
__extension__ using SlotSet = unsigned __int128;

inline constexpr SlotSet kEverybody = ~SlotSet{0};

/// The set of just this process; empty for nobody. Absolute names only.
constexpr SlotSet only(Who who) {
  if (who.is_nobody()) return 0;
  return SlotSet{1} << (who.slot() < kMaxProcesses ? who.slot() : kMaxProcesses);
}

/// Worlds up to this many processes can be explored with symmetry; simulated worlds have no such limit.
inline constexpr std::size_t kMaxPermutedProcesses = 16;

/// A permutation of process slots: slot s becomes `to[s]`.
struct SlotPermutation {
  std::array<std::uint8_t, kMaxPermutedProcesses> to{};

  [[nodiscard]] constexpr Who operator()(Who who) const {
    if (who.code < 2 || who.slot() >= kMaxPermutedProcesses) return who;  // nobody, me, predecessor
    return Who::process(to[who.slot()]);
  }
};

}  // namespace lockstorm::sim
