// An audit's answer as a screen, as text, as JSON and as a page.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// One set-up in full: findings, configurations, counterexamples, what to change.
std::string text_audit(const AuditAnswer& answer, const Style& style);

/// Each set-up in full, several behind an overview; then what was left out.
std::string text_repository(const RepositoryAnswer& answer, const Style& style);

/// The verdict and how many findings there are of each grade, in a line.
std::string verdict_line(const RepositoryAnswer& answer, const Style& style);

/// The same line with what decides the exit status.
std::string quiet_repository(const RepositoryAnswer& answer, const Style& style);

/// What decides the exit status, at the end of every report for people.
std::string gate_paragraph(const RepositoryAnswer& answer, const Style& style);

/// 25 lines at most: the verdict, the worst findings, what to change, where the rest is.
std::string screen_repository(const RepositoryAnswer& answer, const Style& style);

/// All findings of one rule, or hazards, by its id: in which states or jobs, and the runs that show them.
std::string explain_repository(const RepositoryAnswer& answer, const std::string& rule_id,
                               const Style& style);

/// One page: for each set-up findings with their counterexamples, advice, configurations.
std::string html_repository(const RepositoryAnswer& answer);

/// {"results": [the configurations that findings point to, or all when every property held], "audit": {...}},
/// where several set-ups are "audits": [{...}].
std::string json_repository(const RepositoryAnswer& answer);

}  // namespace lockstorm::reports
