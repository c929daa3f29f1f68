// Who starts when in a run in virtual time: arrivals, what keeps jobs of one state apart, start-up.
#pragma once

#include <deque>
#include <vector>

#include "scenarios/timed/day_state.hpp"

namespace lockstorm::scenarios {

class JobStarts {
 public:
  explicit JobStarts(DayState& day)
      : day_(day), groups_(day.settings.group == Group::none ? 0 : day.settings.states) {}

  /// The first one comes when its time is.
  void begin() {
    if (!day_.arrivals.empty()) day_.set_alarm(day_.arrivals.front().at_us, DayAlarm::arrival, 0);
  }
  /// The CI system is told to start the job.
  void arrive(std::uint32_t record);
  /// Its command begins.
  void launch(std::uint32_t record);
  /// A job of that state has ended: the next one of its group may start.
  void ended(std::uint32_t state);

 private:
  struct GroupState {
    bool busy = false;
    std::deque<std::uint32_t> waiting;
  };

  void let_next_start(std::uint32_t state);
  void start_up(std::uint32_t record);
  void cancel(std::uint32_t record);

  DayState& day_;
  std::vector<GroupState> groups_;  ///< [state]
};

/// The next moment at which a job that runs is frozen.
void schedule_freeze(DayState& day, LiveJob& job, std::uint32_t record);

}  // namespace lockstorm::scenarios
