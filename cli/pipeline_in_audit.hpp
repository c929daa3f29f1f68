// The CI files that hold for what is audited or compared, and what is hazardous in them.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "reports/campaigns/audit_answer.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::cli {

/// Those of the first path for which there are any: paths that are audited together lie in one repository.
[[nodiscard]] std::optional<scenarios::pipeline::Pipeline> pipeline_of(
    std::span<const std::filesystem::path> paths);

/// Its hazards, by what the configurations beside it say of states.
[[nodiscard]] reports::PipelineInAudit in_audit(const scenarios::pipeline::Pipeline& pipeline,
                                                std::span<const std::filesystem::path> audited);

/// The worlds of jobs that it lets meet, which are still to be verified.
[[nodiscard]] std::vector<reports::MetJobs> met_jobs(scenarios::pipeline::JobWorlds worlds,
                                                     const scenarios::Inventory& inventory);

/// Hazards are as grave as what comes of them without a fault in the worlds of their own jobs; two jobs that
/// damage a state so and are told in none are one more.
void weigh_by_worlds(reports::PipelineInAudit& in);

}  // namespace lockstorm::cli
