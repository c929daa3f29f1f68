// What an audit says should be changed, best first: what was found by trying, and what else helps.
#pragma once

#include <string>
#include <vector>

#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::reports {

/// Whole sentences, an item each: what to change, which findings that turns, what it costs, what it opens.
std::vector<std::string> what_to_change(const AuditAnswer& answer);

}  // namespace lockstorm::reports
