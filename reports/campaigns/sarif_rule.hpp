// A rule as SARIF describes it, with its page and how grave GitHub and GitLab are to take it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/campaigns/reported_hazards.hpp"

namespace lockstorm::reports {

/// "error", "warning" or "note".
std::string_view sarif_level(scenarios::Grade grade);

/// The rule of a finding, as a reportingDescriptor; its page shows the run that was found.
nlohmann::ordered_json sarif_rule(const AuditAnswer& answer, const scenarios::Finding& finding);

/// The same of a hazard.
nlohmann::ordered_json sarif_hazard_rule(const ReportedHazard& hazard);

}  // namespace lockstorm::reports
