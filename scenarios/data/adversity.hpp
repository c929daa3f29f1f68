// What the world may be expected to do to the jobs of an audit.
#pragma once

#include <cstdint>

namespace lockstorm::scenarios {

struct Scenario;

/// One kind of trouble; sets are made of these.
enum class Adversity : std::uint8_t {
  none = 0,
  crash = 1,
  network = 2,
  pause = 4,
  human = 8,
  interrupt = 16
};
using Adversities = std::uint8_t;
inline constexpr Adversities kAllAdversities = 31;

constexpr Adversities adversity_bit(Adversity adversity) { return static_cast<Adversities>(adversity); }

/// The kinds of trouble that a scenario's faults and operator make.
Adversities adversities_of(const Scenario& scenario);

}  // namespace lockstorm::scenarios
