// Evaluates what a backend block refers to, as far as it is constant.
#pragma once

#include <filesystem>
#include <optional>

#include "scenarios/config/config_merge.hpp"
#include "scenarios/config/config_reader.hpp"

namespace lockstorm::scenarios {

/// Replaces the arguments of the merged block that are no literals by their values, where OpenTofu finds them
/// before it knows any state (internal/configs/backend.go, Decode; static_evaluator.go, DecodeBlock): with
/// variables, locals, path.* and terraform.workspace, and functions. Terraform gives the block no names and
/// no functions (internal/command/meta_backend.go: hcldec.Decode without a context). Says what it has found
/// in `configuration.evaluated`, what it lacks in Unresolved, and the first reference in `uses_variables`.
/// `directory` is the root module's, or nothing for a file on its own. Fails for files with values of
/// variables that cannot be read.
[[nodiscard]] std::optional<InputError> evaluate_block(const ConfigMerge& merge,
                                                       const std::optional<std::filesystem::path>& directory,
                                                       const ReadOptions& options,
                                                       TerraformConfiguration& configuration);

}  // namespace lockstorm::scenarios
