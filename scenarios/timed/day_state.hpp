// What the parts of one run in virtual time share: its jobs, its services, its clock, and what is measured.
#pragma once

#include <deque>
#include <vector>

#include "models/services/jobs.hpp"
#include "scenarios/timed/arrival_list.hpp"
#include "scenarios/timed/day.hpp"
#include "scenarios/timed/durations.hpp"
#include "scenarios/timed/lock_watch.hpp"
#include "scenarios/timed/request_facts.hpp"
#include "sim/run/timed_run.hpp"
#include "sim/time/counter_random.hpp"

namespace lockstorm::scenarios {

/// Nobody's record, and nobody's number.
inline constexpr std::uint32_t kNobody = ~0U;

/// Streams of one run, each for something else.
enum class DayStream : std::uint64_t { arrivals = 1, jobs, operators };

/// What rings when its time has come, each for the job of a record.
enum class DayAlarm : std::uint8_t { arrival, launch, kill, freeze, thaw, unlock };
inline constexpr unsigned kDayAlarmShift = 23;
static_assert(kMostArrivals <= std::size_t{1} << kDayAlarmShift);

/// A process of the run: a job that has started, or somebody who unlocks.
struct LiveJob {
  std::uint32_t record = kNobody;  ///< of a client's job; nobody: an operator
  JobChance chance;
  bool paused = false;
};

struct DayState {
  /// `director` is told of everything that happens, later.
  DayState(const TimedWorld& timed, const DayOptions& options, sim::TimedDirector& director);
  DayState(const DayState&) = delete;
  DayState& operator=(const DayState&) = delete;

  void set_alarm(std::uint64_t time_us, DayAlarm kind, std::uint32_t record) {
    run.alarm(time_us, static_cast<std::uint32_t>(kind) << kDayAlarmShift | record);
  }
  [[nodiscard]] sim::CounterRandom random_of(std::uint32_t record) const {
    return random.stream(static_cast<std::uint64_t>(DayStream::jobs)).stream(record);
  }
  [[nodiscard]] bool is_operator(sim::JobNumber number) const { return jobs[number].record == kNobody; }
  /// By the record of the servers that keep locks; a session that has ended takes its own along.
  [[nodiscard]] bool still_holds(sim::JobNumber number) const;
  /// All jobs have ended, and nobody will come to unlock.
  [[nodiscard]] bool is_over() const { return ended == arrivals.size() && unlocks_ahead == 0; }
  /// All who are left wait for dead jobs' locks, which nobody will remove.
  [[nodiscard]] bool nobody_gets_on() const;
  /// What those wait for who have not ended.
  [[nodiscard]] Stuck stuck() const;

  const TimedWorld& world;
  const TimedSettings& settings;
  sim::CounterRandom random;
  std::vector<Arrival> arrivals;
  RunFigures figures;
  sim::ValuePool values;
  sim::WorldSpec spec;
  std::deque<LiveJob> jobs;               ///< [job of the run]
  std::vector<sim::JobNumber> number_of;  ///< [record]
  sim::TimedRun run;
  LockWatch locks;
  std::uint32_t arrived = 0;
  std::size_t ended = 0;
  std::uint32_t unlocks_ahead = 0;  ///< operators who will come or are there
  std::uint32_t asking_state = 0;   ///< that the operator who asks the CI system works on

 private:
  [[nodiscard]] models::Jobs::Status status_of(sim::Slot slot) const;
  sim::WorldSpec spec_of(const TimedWorld& timed);
};

inline std::uint64_t microseconds_of(std::chrono::milliseconds span) {
  return static_cast<std::uint64_t>(span.count()) * 1000;
}

}  // namespace lockstorm::scenarios
