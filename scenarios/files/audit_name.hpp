// Names of an audit's configurations. They say everything about them, so that replay strings need no file.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

/// `audit/terraform/s3+lockfile/jobs=2/crash,operator=dead`: what is set, in a fixed order, defaults left
/// out.
std::string audit_name(const Scenario& scenario);

/// Whether a name has that form.
bool is_audit_name(std::string_view name);

/// The scenario such a name stands for; the inverse of audit_name.
std::expected<Scenario, InputError> scenario_of_audit_name(std::string_view name);

}  // namespace lockstorm::scenarios
