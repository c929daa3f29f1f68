// When the jobs of one run start: every start of every pipeline, in order.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/data/timed_settings.hpp"
#include "sim/time/counter_random.hpp"

namespace lockstorm::scenarios {

struct Arrival {
  std::uint64_t at_us = 0;
  std::uint32_t pipeline = 0;
  std::uint32_t state = 0;
};

/// Jobs of one run, at most.
inline constexpr std::size_t kMostArrivals = 8'000'000;

/// All starts within `settings.duration`, by time, then by pipeline. Throws sim::LimitExceeded beyond
/// `kMostArrivals`. `settings.pipelines` is not 0.
std::vector<Arrival> arrival_list(const TimedSettings& settings, const sim::CounterRandom& random);

}  // namespace lockstorm::scenarios
