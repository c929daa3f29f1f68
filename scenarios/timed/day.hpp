// One run in virtual time: all jobs of a day on fibers, with what chance does to them, and what is measured.
#pragma once

#include <cstdint>
#include <functional>

#include "scenarios/timed/figures.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::scenarios {

struct DayOptions {
  std::uint64_t seed = 1;
  std::uint64_t run = 0;  ///< runs of one seed are unrelated
  /// A run that has not ended by then is cut off, and says what it waits for.
  std::uint64_t most_events = 500'000'000;
  std::chrono::hours longest_tail{24 * 30};  ///< how long a run goes on after the last job has started
  bool keeps_spans = false;                  ///< who had the lock when, for a timeline
  std::function<bool()> stop{};              ///< asked now and then: whether to cut the run off; may be empty
};

/// The figures of one run: a function of the world and the options, on every compiler and thread.
RunFigures run_day(const TimedWorld& world, const DayOptions& options);

}  // namespace lockstorm::scenarios
