// Constraints on versions of the tools, as `required_version` has them.
#pragma once

#include <string_view>

namespace lockstorm::scenarios {

/// Whether the tools take it: ">= 1.5, < 2.0", "~> 1.9.0", "1.10.2" (hashicorp/go-version), but no
/// pre-release.
bool is_version_constraint(std::string_view constraint);

/// Whether it lets in a version before MAJOR.MINOR. False when it is none.
bool allows_before(std::string_view constraint, int major, int minor);

/// Whether it lets in MAJOR.MINOR or a later version. False when it is none.
bool allows_from(std::string_view constraint, int major, int minor);

}  // namespace lockstorm::scenarios
