// What to set, tried out: lock timeouts, more pipelines, more states, a group instead of the lock's own
// retry, capacity.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "scenarios/contend/contend.hpp"

namespace lockstorm::scenarios {

/// One setting that was tried, and what came of it.
struct TriedSetting {
  std::uint64_t value = 0;  ///< seconds, pipelines, states, requests a second, or a number of `Group`
  WaitEstimates wait;
  Estimate gave_up;
  Estimate failed;
  Estimate requests_each;
  Estimate utilisation;
  double throttled_share = 0;  ///< of requests
  std::uint64_t cut_off = 0;   ///< runs that did not end: their waits are not known
};

/// Settings of one kind, by rising value, and the one that is to be taken; unset: none of them will do.
struct TriedCurve {
  std::vector<TriedSetting> tried;
  std::optional<std::uint64_t> answer;
};

/// Each of these lock timeouts with each of these numbers of pipelines, or of jobs of a burst.
struct TriedGrid {
  std::vector<std::uint32_t> timeouts_s;
  std::vector<std::uint32_t> pipelines;
  std::vector<TriedSetting> tried;  ///< timeout by timeout; `value` is the number of pipelines
  std::uint64_t runs = 0;           ///< for each
};

struct ContendAdvice {
  Scenario scenario;
  std::shared_ptr<const TimedSettings> settings;
  std::uint64_t runs = 0;  ///< for each setting
  std::uint64_t seed = 0;
  double most_give_up = 0.01;
  std::chrono::milliseconds bound{0};  ///< of the 99th percentile of waits
  TriedCurve timeouts;                 ///< the least with which at most `most_give_up` give up
  /// The most with which the 99th percentile is within the bound, where nobody gives up. Unset where a file
  /// says when jobs start.
  std::optional<TriedCurve> pipelines;
  std::optional<TriedCurve> states;    ///< the fewest with which it is within the bound
  TriedCurve groups;                   ///< the one with the least 99th percentile
  std::optional<TriedGrid> grid;       ///< where it was asked for, and no file says when jobs start
  std::optional<TriedCurve> dynamodb;  ///< the least rate with which at most 0.1 % of requests are throttled
};

struct AdviseOptions {
  ContendOptions contend;
  std::chrono::milliseconds bound = std::chrono::minutes(10);
  bool grid = false;  ///< timeouts against pipelines, in a quarter of the runs
  /// Called with what is done next: "-lock-timeout=60s"; may be empty.
  std::function<void()> one_tried;
};

/// How many settings are tried at the most, for whoever shows progress.
inline constexpr std::size_t kMostTried = 90;

std::expected<ContendAdvice, InputError> advise_contention(const Scenario& scenario,
                                                           const AdviseOptions& options);

}  // namespace lockstorm::scenarios
