// An audit's answer as text, as JSON and as a page.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// One set-up in full: findings, configurations, counterexamples, what to change.
std::string text_audit(const AuditAnswer& answer, const Style& style);

/// One set-up in full; several as an overview, and in full behind it if `details` are wanted; then what was
/// left out.
std::string text_repository(const RepositoryAnswer& answer, bool details, const Style& style);

/// One page: for each set-up findings with their counterexamples, advice, configurations.
std::string html_repository(const RepositoryAnswer& answer);

/// {"results": [the configurations that findings point to, or all when every property held], "audit": {...}},
/// where several set-ups are "audits": [{...}].
std::string json_repository(const RepositoryAnswer& answer);

}  // namespace lockstorm::reports
