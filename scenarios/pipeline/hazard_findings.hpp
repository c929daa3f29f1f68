// Hazards of a pipeline as findings of an audit: how grave they are, where they stand, and which troubles of
// the model they bring about.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "scenarios/findings/grades.hpp"
#include "scenarios/pipeline/hazards.hpp"

namespace lockstorm::scenarios::pipeline {

struct HazardFinding {
  Hazard hazard;
  Grade grade{};
  SourceLocation where;               ///< of its first cause; without one of its job
  std::vector<const Trouble*> bring;  ///< what it makes happen to jobs, as audits know it; may be none

  [[nodiscard]] std::string id() const { return hazard_id(hazard.number); }
};

/// What is damaged without a fault is critical, and so on; docs/grades.md has the reasons.
[[nodiscard]] Grade grade_of(Severity severity);

/// Those that are told for themselves, worst first, as far as they are about jobs at states in or below the
/// paths; a path to a file stands for its directory.
[[nodiscard]] std::vector<HazardFinding> hazard_findings(const Pipeline& pipeline,
                                                         const std::vector<Hazard>& hazards,
                                                         std::span<const std::filesystem::path> audited);

/// "LS-CI-P07": the number of that hazard; 0: it is no id of one. Letters may be small.
[[nodiscard]] unsigned hazard_of_id(std::string_view id);

}  // namespace lockstorm::scenarios::pipeline
