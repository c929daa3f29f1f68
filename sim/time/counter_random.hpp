// Random numbers by their place: the nth draw of a stream is a function of the two, so that no draw of one
// thing moves another's.
#pragma once

#include <cstdint>

namespace lockstorm::sim {

/// A stream of draws. `at(n)` may be asked in any order, on any thread; streams of different keys are
/// unrelated. Two rounds of the 64 x 64 -> 128 bit multiplication that wyhash is made of.
class CounterRandom {
 public:
  constexpr explicit CounterRandom(std::uint64_t key) : key_(key) {}

  [[nodiscard]] constexpr std::uint64_t at(std::uint64_t n) const {
    const std::uint64_t first = folded(key_ ^ 0xA0761D6478BD642FULL, n ^ 0xE7037ED1A0B428DBULL);
    return folded(first ^ 0x8EBC6AF09C88C6E3ULL, n * 0x9E3779B97F4A7C15ULL ^ key_ ^ 0x589965CC75374CC3ULL);
  }
  /// The stream of that number below this one.
  [[nodiscard]] constexpr CounterRandom stream(std::uint64_t number) const {
    return CounterRandom(at(number) ^ 0x1D8E4E27C47D124FULL);
  }

 private:
  static constexpr std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }

  std::uint64_t key_;
};

}  // namespace lockstorm::sim
