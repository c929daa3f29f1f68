// A moment as servers and clients write it down.
#pragma once

#include <compare>
#include <cstdint>

namespace lockstorm::models {

/// Ticks since the world began: 32 bits, as days of virtual time have more seconds than 16 count, in two
/// halves, so that it goes into values without a gap before it.
struct Tick {
  std::uint16_t high = 0;
  std::uint16_t low = 0;

  [[nodiscard]] static constexpr Tick at(std::uint32_t ticks) {
    return {static_cast<std::uint16_t>(ticks >> 16U), static_cast<std::uint16_t>(ticks)};
  }
  [[nodiscard]] constexpr std::uint32_t count() const { return std::uint32_t{high} << 16U | low; }
  friend auto operator<=>(const Tick&, const Tick&) = default;
};

}  // namespace lockstorm::models
