// How long something takes: distributions of durations, each with its inverse function in whole numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/time/fixed_point.hpp"

namespace lockstorm::sim {

/// No duration is longer: a year.
inline constexpr std::uint64_t kLongestDuration_us = std::uint64_t{365} * 24 * 3600 * 1'000'000;

/// A distribution of durations in microseconds, made by one of its functions. Equal draws give equal
/// durations everywhere. The standard one is always 0.
class Distribution {
 public:
  enum class Shape : std::uint8_t { constant, uniform, exponential, log_normal, quantiles, samples };

  /// With probability `share / 10^6` at most `value_us`.
  struct Quantile {
    std::uint32_t share_ppm = 0;
    std::uint64_t value_us = 0;
    friend bool operator==(const Quantile&, const Quantile&) = default;
  };

  Distribution() = default;
  static Distribution constant(std::uint64_t value_us);
  /// Every duration from `least_us` to `most_us` alike.
  static Distribution uniform(std::uint64_t least_us, std::uint64_t most_us);
  static Distribution exponential(std::uint64_t mean_us);
  /// `median_us` is not 0, `p90_us` not below it.
  static Distribution log_normal(std::uint64_t median_us, std::uint64_t p90_us);
  /// Straight between the points, which rise in both; the first one's share is 0, the last one's 10^6.
  static Distribution quantiles(std::vector<Quantile> points);
  /// One of these, all alike; at least one.
  static Distribution samples(std::vector<std::uint64_t> values_us);

  /// The duration below which lies the share `draw / 2^64`.
  [[nodiscard]] std::uint64_t at(std::uint64_t draw) const;
  /// What it is on average; of a log-normal one rounded to its seven digits.
  [[nodiscard]] std::uint64_t mean_us() const;
  [[nodiscard]] Shape shape() const { return shape_; }
  [[nodiscard]] bool is_zero() const { return shape_ == Shape::constant && first_us_ == 0; }

  friend bool operator==(const Distribution&, const Distribution&) = default;

 private:
  Shape shape_ = Shape::constant;
  std::uint64_t first_us_ = 0;   ///< the value, the least, the mean or the median
  std::uint64_t second_us_ = 0;  ///< the most, or the 90th percentile
  Fixed sigma_ = 0;              ///< of the logarithm
  std::vector<Quantile> points_;
  std::vector<std::uint64_t> values_us_;  ///< sorted
};

}  // namespace lockstorm::sim
