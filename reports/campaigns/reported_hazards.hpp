// The hazards of a pipeline as an audit reports them: each at its causes, with what it does on the backends
// of the states that its job works on.
#pragma once

#include <string>
#include <vector>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

struct ReportedHazard {
  const PipelineInAudit* in = nullptr;
  const scenarios::pipeline::HazardFinding* finding = nullptr;
  scenarios::Standing standing;
  scenarios::SourceLocation where;                 ///< its `file` as RepositoryPlaces names it
  std::vector<scenarios::pipeline::Cause> causes;  ///< likewise
  /// The worst finding of a backend that it brings about, and where that was found; nulls: none was.
  const AuditAnswer* shown_in = nullptr;
  const scenarios::Finding* shown_by = nullptr;
  const MetJobs* met = nullptr;  ///< the jobs in whose world it was; null: in an audit of the set-up

  [[nodiscard]] const scenarios::pipeline::HazardRule& rule() const;
  [[nodiscard]] const scenarios::pipeline::Job& job() const;
  /// Equal for the same hazard of the same job, whatever else is in the repository.
  [[nodiscard]] std::string fingerprint() const;
};

/// Those that fail the gate first, then by grade.
std::vector<ReportedHazard> reported_hazards(const RepositoryAnswer& answer);

/// Whether it fails the audit.
bool fails(const ReportedHazard& hazard);

/// "LS-CI-P01, Nothing keeps two runs apart: two runs of 'apply' of deploy (push to main) apply to one state
/// at once." and what is assumed, in sentences.
std::string hazard_sentence(const ReportedHazard& hazard);

/// What it comes to on the backend, in a sentence: "On s3: LS-S3-300, ..."; empty: nothing was found of it.
std::string hazard_on_backend(const ReportedHazard& hazard);

/// All of one, as `--explain` and `--details` tell it.
std::string hazard_in_full(const ReportedHazard& hazard, const Style& style);

/// What its rule is about, as a page: for `describe`, and for the help of code scanning.
std::string hazard_page(unsigned number);

}  // namespace lockstorm::reports
