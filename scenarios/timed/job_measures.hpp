// What is measured of the jobs of a run in virtual time: requests, waits, how they end, who has the lock.
#pragma once

#include "models/terraform/milestone.hpp"
#include "scenarios/timed/day_state.hpp"

namespace lockstorm::scenarios {

class JobMeasures {
 public:
  JobMeasures(DayState& day, TimedRequests& requests) : day_(day), requests_(requests) {}

  /// A request has taken effect, or was refused.
  void effect(const sim::TimedEffect& effect);
  /// A command of the job asks for the lock.
  void asks(sim::JobNumber number);
  /// The job has come to a milestone of its command's.
  void reached(sim::JobNumber number, sim::Mark mark);
  /// A client's job has ended. True: it was killed, and its lock stays.
  bool ended(sim::JobNumber number, bool killed);

 private:
  void note_holder(std::uint32_t state, sim::JobNumber asking);

  DayState& day_;
  TimedRequests& requests_;
};

}  // namespace lockstorm::scenarios
