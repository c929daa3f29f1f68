// The project's own random numbers: equal on every compiler and machine, unlike the library's distributions.
#pragma once

#include <cstdint>

namespace lockstorm::sim {

/// wyrand: one multiplication a draw. Streams with different seeds are unrelated.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0xA0761D6478BD642FULL;
    const __uint128_t product = static_cast<__uint128_t>(state_) * (state_ ^ 0xE7037ED1A0B428DBULL);
    return static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
  }

  /// Uniform below `bound` (multiply-shift; the bias is below bound / 2^32).
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

 private:
  std::uint64_t state_;
};

/// One step of a 64-bit hash chain.
inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  const __uint128_t product =
      static_cast<__uint128_t>(hash ^ 0x9E3779B97F4A7C15ULL) * (value ^ 0xE7037ED1A0B428DBULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}  // namespace lockstorm::sim
