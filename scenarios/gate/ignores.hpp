// Acceptances that stand as comments in the configuration: `# lockstorm:ignore LS-S3-310 until=2027-03-01
// why`.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/gate/policy.hpp"

namespace lockstorm::scenarios {

/// What a comment says, with what begins it (`#`, `//`, `/*`); nothing where it is about something else. One
/// that is meant for Lockstorm (`lockstorm:`) and is not understood is complained about.
[[nodiscard]] std::expected<std::optional<Acceptance>, InputError> acceptance_in_comment(
    std::string_view comment, const SourceLocation& where);

/// Those of a state: in the files in native syntax that its configuration was read from, and in the other
/// `.hcl` files of its directory. Where in a file they stand does not matter: they count for the whole state.
/// `standard_input`: what was read from there, for a configuration that came from there.
[[nodiscard]] std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_of(
    const AuditedState& state, const std::optional<std::string>& standard_input = std::nullopt);

/// Those in CI files, behind `#` or `//`. They count for the hazards of jobs of their file.
[[nodiscard]] std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_in_ci_files(
    std::span<const std::string> files);

}  // namespace lockstorm::scenarios
