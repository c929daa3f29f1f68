// What the world may be expected to do to the jobs of an audit.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

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

struct AdversityName {
  std::string_view name;  ///< as `--faults` takes it
  Adversity kind{};
};
inline constexpr std::array kAdversityNames{
    AdversityName{"none", Adversity::none},           AdversityName{"crash", Adversity::crash},
    AdversityName{"interrupt", Adversity::interrupt}, AdversityName{"network", Adversity::network},
    AdversityName{"pause", Adversity::pause},         AdversityName{"operator", Adversity::human},
};

constexpr Adversities adversity_bit(Adversity adversity) { return static_cast<Adversities>(adversity); }

/// The kinds of trouble that a scenario's faults and operator make.
Adversities adversities_of(const Scenario& scenario);

}  // namespace lockstorm::scenarios
