// What a pipeline says of the jobs that change one state: how many may be at it at once, and with which
// flags.
#pragma once

#include <filesystem>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/pipeline/overlap.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// Answers for one directory after the other; the pipeline has to outlive it.
class JobsAtState {
 public:
  explicit JobsAtState(const Pipeline& pipeline);

  /// Of the state of that directory. Nothing is said where no job changes it. One job at once only where
  /// something in the files keeps each two runs apart, and none of them outlives its job where nobody sees
  /// it.
  [[nodiscard]] KnownJobs operator()(const std::filesystem::path& directory) const;

 private:
  const Pipeline* pipeline_;
  std::vector<RunOf> runs_;
};

}  // namespace lockstorm::scenarios::pipeline
