// An audit's answer as text and JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/campaigns/audit.hpp"

namespace lockstorm::reports {

/// Everything an audit found out.
struct AuditAnswer {
  std::string path;
  scenarios::AuditPlan plan;
  std::vector<scenarios::VerifyResult> results;  ///< one for each of the plan's configurations
  std::vector<scenarios::AuditFinding> findings;
  std::vector<std::string> advice;
};

/// The configurations whose counterexample to this property people are shown: the first, and every other way
/// in which an update is lost.
std::vector<std::size_t> told_in_full(const scenarios::AuditFinding& finding);

std::string text_audit(const AuditAnswer& answer, const Style& style);

/// One page: findings with their counterexamples, advice, configurations.
std::string html_audit(const AuditAnswer& answer);

/// {"results": [the configurations that findings point to, or all when every property held], "audit": {...}}.
std::string json_audit(const AuditAnswer& answer);

}  // namespace lockstorm::reports
