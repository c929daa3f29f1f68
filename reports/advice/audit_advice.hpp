// What to change after an audit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/campaigns/audit.hpp"

namespace lockstorm::reports {

/// All that advice is drawn from.
struct AuditEvidence {
  const scenarios::AuditPlan& plan;
  const scenarios::TerraformConfiguration& configuration;
  std::span<const scenarios::AuditFinding> findings;
  std::span<const scenarios::VerifyResult> results;

  /// The result in which the property is first violated, or null.
  [[nodiscard]] const scenarios::VerifyResult* violation_of(checkers::Property property) const;
  /// The counterexample that shows it, or null.
  [[nodiscard]] const scenarios::Counterexample* shown(checkers::Property property) const;
};

/// What to change, most important first.
std::vector<std::string> audit_advice(const AuditEvidence& evidence);

}  // namespace lockstorm::reports
