// What audits found out, and the words that all their reports share.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/findings/improvements.hpp"
#include "scenarios/gate/gate.hpp"
#include "scenarios/gate/standing.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"
#include "scenarios/pipeline/job_worlds.hpp"

namespace lockstorm::reports {

/// The states that lock in one way, and everything that was found out about them.
struct AuditAnswer {
  std::string path;  ///< the first of the states, as people are shown it
  scenarios::AuditPlan plan;
  std::vector<scenarios::AuditedState> states;
  std::vector<scenarios::VerifyResult> results;   ///< one for each of the plan's configurations
  std::vector<scenarios::AuditFinding> findings;  ///< one for each property
  std::vector<std::string> advice;
  std::vector<scenarios::Finding> graded;  ///< one for each way in which one is violated, worst first
  std::vector<std::vector<scenarios::Standing>> standings;  ///< of each of `graded` in each of `states`
  std::vector<scenarios::Improvement> improvements;  ///< best first; empty: none helps, or none was tried
};

/// Jobs of a pipeline that can meet at a state, and what was found out about the world of the two.
struct MetJobs {
  scenarios::pipeline::JobWorld world;
  AuditAnswer answer;  ///< its plan's configurations are the world's; its states those where they meet
};

/// The CI files that hold for the paths, and what is hazardous in them.
struct PipelineInAudit {
  PipelineAnswer answer;
  std::vector<scenarios::pipeline::HazardFinding> findings;  ///< worst first
  std::vector<scenarios::Standing> standings;                ///< of each of them; empty: not judged
  std::vector<MetJobs> met{};
  std::size_t met_left_out = 0;  ///< worlds that were not verified, as there are too many
};

/// The answer for all that lies below the paths that were given.
struct RepositoryAnswer {
  std::string path;  ///< the paths, as they were given
  std::vector<AuditAnswer> answers;
  std::vector<scenarios::LeftOut> left_out;
  std::vector<scenarios::InputError> complaints;
  std::filesystem::path root = {};  ///< of the repository that they lie in; empty: the working directory
  scenarios::GateReport gate;
  std::optional<PipelineInAudit> pipeline = {};  ///< nothing: there are no CI files, or none were read

  [[nodiscard]] scenarios::Verdict verdict() const;
  /// What would be left of it if nothing that is violated counted.
  [[nodiscard]] scenarios::Verdict verdict_without_findings() const;
  [[nodiscard]] std::size_t states() const;
  /// The findings of all set-ups.
  [[nodiscard]] std::vector<scenarios::Finding> graded() const;
  /// The grades of the hazards of the pipeline.
  [[nodiscard]] std::vector<scenarios::Grade> hazard_grades() const;
};

/// The configurations whose counterexample to this property people are shown: the first, and every other way
/// in which an update is lost.
std::vector<std::size_t> told_in_full(const scenarios::AuditFinding& finding);

/// The configuration in which killed jobs leave others the hardest way back, where that is known to help;
/// else null.
const scenarios::VerifyResult* hardest_recovery(const AuditAnswer& answer);

/// What a finding rests on; further ways of violating it stand behind `between`.
std::string reason_text(const AuditAnswer& answer, const scenarios::AuditFinding& finding,
                        std::string_view between);

/// How many states of the world were visited.
std::string coverage_text(const AuditAnswer& answer);

/// The tool, the backend and the jobs.
std::string set_up_text(const AuditAnswer& answer);

/// The same, where the backend block is, and how long jobs wait.
std::string summary_text(const AuditAnswer& answer);

/// The directory of a state, and the file that completes its block.
std::string state_name(const scenarios::AuditedState& state);

/// The first few of an answer's states, and how many more there are.
std::string some_states(const AuditAnswer& answer);

}  // namespace lockstorm::reports
