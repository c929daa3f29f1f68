// A set of processes inside a service's value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "sim/who.hpp"

namespace lockstorm::models {

/// A bit for each process that a world can have, so that equal sets are equal bytes and none is ever full.
/// Processes only: neither nobody nor somebody from before the world began can be in it.
struct ProcessSet {
  static constexpr std::size_t kBits = 16;
  std::array<std::uint16_t, (sim::kMaxProcesses + kBits) / kBits> words{};

  [[nodiscard]] constexpr bool contains(sim::Who who) const {
    return is_process(who) && (words[who.slot() / kBits] >> (who.slot() % kBits) & 1U) != 0;
  }
  constexpr void insert(sim::Who who) {
    if (is_process(who)) words[who.slot() / kBits] |= bit_of(who);
  }
  constexpr void erase(sim::Who who) {
    if (is_process(who)) words[who.slot() / kBits] &= static_cast<std::uint16_t>(~bit_of(who));
  }
  [[nodiscard]] constexpr bool empty() const { return *this == ProcessSet{}; }

  /// Calls `f(who)` for each, the last slot first.
  template <class F>
  constexpr void for_each(F&& f) const {
    for (std::size_t slot = kBits * words.size(); slot-- > 0;) {
      if ((words[slot / kBits] >> (slot % kBits) & 1U) != 0)
        f(sim::Who::process(static_cast<sim::Slot>(slot)));
    }
  }
  template <class F>
  constexpr void visit_who(F&& f) {
    ProcessSet renamed;
    for_each([&](sim::Who who) {
      f(who);
      renamed.insert(who);
    });
    *this = renamed;
  }
  friend constexpr auto operator<=>(const ProcessSet&, const ProcessSet&) = default;

 private:
  static constexpr bool is_process(sim::Who who) {
    return !who.is_nobody() && !who.is_me() && who.slot() < sim::kMaxProcesses;
  }
  static constexpr std::uint16_t bit_of(sim::Who who) {
    return static_cast<std::uint16_t>(1U << (who.slot() % kBits));
  }
};

}  // namespace lockstorm::models
