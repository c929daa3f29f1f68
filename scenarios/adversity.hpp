// What the world may be expected to do to the jobs of an audit.
#pragma once

#include <cstdint>

namespace lockstorm::scenarios {

/// One kind of trouble; sets are made of these.
enum class Adversity : std::uint8_t { none = 0, crash = 1, network = 2, pause = 4, human = 8 };
using Adversities = std::uint8_t;
inline constexpr Adversities kAllAdversities = 15;

constexpr Adversities adversity_bit(Adversity adversity) { return static_cast<Adversities>(adversity); }

}  // namespace lockstorm::scenarios
