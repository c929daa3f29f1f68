// Which runs of a pipeline can be under way at once, and which of them meet at one state.
#pragma once

#include <vector>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// A run of a job of a pipeline.
struct RunOf {
  const Pipeline* pipeline = nullptr;
  std::size_t job_number = 0;
  const JobRun* run = nullptr;
  std::vector<const Command*> writers;    ///< commands that change a state here
  std::vector<const Command*> lockers;    ///< that take a state's lock
  std::vector<const Command*> unlockers;  ///< that remove locks

  [[nodiscard]] const Job& job() const { return pipeline->jobs[job_number]; }
};

[[nodiscard]] std::vector<RunOf> all_runs(const Pipeline& pipeline);

/// One of each: of runs of a job that were started by the same event, have the same keys and do the same, the
/// first.
[[nodiscard]] std::vector<RunOf> distinct_runs(const Pipeline& pipeline);

/// Whether two such runs, started one after the other, can be under way at once: nothing keeps them apart.
/// What is only assumed to keep them apart does not count.
[[nodiscard]] bool can_overlap(const RunOf& a, const RunOf& b);

/// What keeps them apart; null: nothing does.
[[nodiscard]] const Serialiser* what_excludes(const RunOf& a, const RunOf& b);

/// The first command of each list that are about one state; nulls: none.
struct Meeting {
  const Command* a = nullptr;
  const Command* b = nullptr;
  explicit operator bool() const { return a != nullptr; }
};
[[nodiscard]] Meeting meet(const std::vector<const Command*>& a, const std::vector<const Command*>& b);

}  // namespace lockstorm::scenarios::pipeline
