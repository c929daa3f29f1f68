// How a scenario runs in virtual time: when jobs start, how long things take, what befalls them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {

/// Jobs start so many at a time, or alone.
enum class ArrivalKind : std::uint8_t {
  steady,        ///< each pipeline starts a job, then waits for `gap`
  office_hours,  ///< the same, but only from `opens` to `closes` of each day of 24 hours
  bursts,        ///< `burst` jobs within `within`, then nothing for `gap`
  recorded,      ///< when `starts` say
};

/// A job that has really started, from the first one's start on.
struct RecordedStart {
  std::uint64_t at_us = 0;
  std::uint32_t state = 0;
};

struct Arrivals {
  ArrivalKind kind = ArrivalKind::steady;
  sim::Distribution gap = sim::Distribution::exponential(std::uint64_t{3600} * 1'000'000);
  std::chrono::milliseconds opens{0};
  std::chrono::milliseconds closes{0};
  std::uint32_t burst = 0;
  std::chrono::milliseconds within{0};
  std::vector<RecordedStart> starts;
};

/// What keeps jobs of one state apart before they start.
enum class Group : std::uint8_t {
  none,
  queue,   ///< one runs, the others start in the order in which they came
  newest,  ///< one runs, one waits; a newer one takes the place of the one that waits, which is cancelled
};

/// A token bucket in front of a service, for all states together.
struct Throttle {
  std::uint64_t per_second_milli = 0;  ///< requests a second, in thousandths
  std::uint32_t burst = 1;             ///< requests at once
};

struct TimedSettings {
  std::chrono::milliseconds duration = std::chrono::hours(8);  ///< how long jobs start
  std::uint32_t pipelines = 0;                                 ///< 0: as many as there are clients
  std::uint32_t states = 1;                                    ///< equal and separate; pipelines take turns
  Arrivals arrivals;
  Group group = Group::none;
  sim::Distribution start_up;  ///< from the start of the job to the command
  /// From reading the state to the first change, once a command.
  sim::Distribution plan = sim::Distribution::log_normal(20'000'000, 60'000'000);
  /// All changes of a command together.
  sim::Distribution apply = sim::Distribution::log_normal(30'000'000, 180'000'000);
  sim::Distribution provider_call;  ///< each change, besides
  /// Round trips, by service or by "service.Operation"; others have their standard.
  std::map<std::string, sim::Distribution> latency;
  /// How long one job runs on average until it is killed; 0: none ever is.
  std::chrono::milliseconds crash_every{0};
  std::chrono::milliseconds pause_every{0};  ///< the same of being frozen
  sim::Distribution pause_for = sim::Distribution::constant(60'000'000);
  /// From the death of a job that has the lock to somebody's force-unlock; unset: nobody does.
  std::optional<sim::Distribution> unlock_after;
  std::uint32_t lost_responses_ppm = 0;  ///< of calls
  std::uint32_t lost_requests_ppm = 0;
  std::uint32_t server_errors_ppm = 0;
  std::map<std::string, Throttle> throttle;  ///< by service
};

}  // namespace lockstorm::scenarios
