// Verifies set-ups as an audit does, and grades what is found.
#pragma once

#include <vector>

#include "cli/command.hpp"
#include "reports/campaigns/audit_answer.hpp"
#include "scenarios/campaigns/inventory.hpp"

namespace lockstorm::cli {

/// One answer for each set-up, in their order, without advice and without the decisive moments of stories.
std::vector<reports::AuditAnswer> audit_set_ups(std::vector<scenarios::SetUp> set_ups, const Global& global);

}  // namespace lockstorm::cli
