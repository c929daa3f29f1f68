// Finds the edits of CI files that are better than what is there, by reading what comes of each.
#pragma once

#include <filesystem>
#include <span>

#include "cli/fixer.hpp"
#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::cli {

/// Tries what could be edited against each hazard, the worst first: an edit counts if, the pipeline read
/// again, its hazard is gone or less grave, nothing new is as grave, and no file is broken by it.
Fixes find_workflow_fixes(const reports::PipelineInAudit& pipeline,
                          std::span<const std::filesystem::path> audited, bool unsafe_too);

}  // namespace lockstorm::cli
