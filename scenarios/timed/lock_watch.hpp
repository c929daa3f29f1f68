// Who waits for the lock of each state and who has it: what a run's figures of waiting, overtaking and
// recovery come from.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/timed/figures.hpp"

namespace lockstorm::scenarios {

/// Fills `figures` as it is told what happens, in the order of time. Jobs are named by their place there.
class LockWatch {
 public:
  LockWatch(std::uint32_t states, RunFigures& figures, bool keeps_spans)
      : figures_(figures), keeps_spans_(keeps_spans), states_(states) {}

  /// A command of the job asks for the lock; until `end_wait` it waits.
  void begin_wait(std::uint32_t job, std::uint64_t now_us);
  /// It has the lock, or will not have it. Nothing where it does not wait.
  void end_wait(std::uint32_t job, std::uint64_t now_us, bool granted);

  /// The lock is the job's, or nobody's, by the servers' record.
  void taken(std::uint32_t state, std::uint32_t job, std::uint64_t now_us);
  void released(std::uint32_t state, std::uint64_t now_us);
  /// The job was killed. True: it had the lock, and has it still, unless its lock goes with it.
  bool holder_died(std::uint32_t state, std::uint32_t job, std::uint64_t now_us, bool lock_goes_with_it);
  /// The run is over.
  void finish(std::uint64_t now_us);

  /// ~0: nobody.
  [[nodiscard]] std::uint32_t holder(std::uint32_t state) const { return states_[state].holder; }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  struct State {
    std::vector<std::uint32_t> waiting;  ///< in the order in which they began
    std::uint32_t holder = kNone;
    std::uint64_t since_us = 0;
    std::uint64_t orphaned_us = kNever;  ///< since when its holder has been dead
  };

  void count_waiting(std::uint64_t now_us);

  RunFigures& figures_;
  bool keeps_spans_;
  std::vector<State> states_;
  std::uint64_t waiting_ = 0;
  std::uint64_t counted_us_ = 0;
};

}  // namespace lockstorm::scenarios
