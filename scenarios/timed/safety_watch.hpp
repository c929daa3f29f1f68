// Whether something bad happens in a run in virtual time: the engines' monitors, over jobs that come and go.
#pragma once

#include <cstdint>
#include <vector>

#include "checkers/monitors.hpp"
#include "scenarios/timed/figures.hpp"
#include "sim/run/timed_run.hpp"

namespace lockstorm::scenarios {

/// What monitors remember of a job is kept while there is anything: of many thousand that only wait there is
/// nothing. Whether a job holds the lock by the servers' record is not asked at each of its effects, so that
/// `exclusive-effects` is not judged.
class SafetyWatch {
 public:
  SafetyWatch(std::uint32_t states, RunFigures& figures) : states_(states), figures_(figures) {}

  /// `flags`: the job's own, as they are.
  void effect(std::uint32_t state, sim::JobNumber job, std::uint16_t flags, sim::Tags tags,
              std::uint64_t now_us);
  void delivered(std::uint32_t state, sim::JobNumber job, sim::Tags tags, std::uint64_t now_us);
  void flags(std::uint32_t state, sim::JobNumber job, std::uint16_t before, std::uint16_t after,
             std::uint64_t now_us);
  /// What it believed is nobody's belief any more; what it has written stays.
  void ended(std::uint32_t state, sim::JobNumber job);

 private:
  /// Of one state file and the jobs that matter to it: entries of both lists belong together.
  struct State {
    std::vector<sim::JobNumber> jobs;
    std::vector<std::uint8_t> bits;
    std::vector<sim::JobNumber> inside;  ///< who believes to have the lock
  };

  static std::size_t place_of(State& state, sim::JobNumber job);
  static void forget_nothings(State& state);
  void note(checkers::PropertySet::Bits violated, std::uint64_t now_us);

  checkers::Monitors monitors_{2};
  std::vector<State> states_;
  RunFigures& figures_;
};

}  // namespace lockstorm::scenarios
