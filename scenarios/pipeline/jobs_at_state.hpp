// What a pipeline says of the jobs that change one state: how many may be at it at once, and with which
// flags.
#pragma once

#include <filesystem>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// Of the state of that directory. Nothing is said where no job changes it. One job at once only where
/// something in the files keeps each two runs apart, and none of them outlives its job where nobody sees it.
[[nodiscard]] KnownJobs jobs_at_state(const Pipeline& pipeline, const std::filesystem::path& directory);

}  // namespace lockstorm::scenarios::pipeline
