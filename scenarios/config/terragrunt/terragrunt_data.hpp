// Files with data that Terragrunt configurations decode: common_vars.yaml, accounts.json.
#pragma once

#include <filesystem>
#include <string>

#include "scenarios/config/values/value.hpp"

namespace lockstorm::scenarios::terragrunt {

/// The text of a file, as file() has it. Throws Unknown where it cannot be read: it may be made only where
/// Terragrunt runs.
[[nodiscard]] values::Value text_of_file(const std::filesystem::path& file);

/// jsondecode() and yamldecode(). Throw Unknown for what is neither, or too deep.
[[nodiscard]] values::Value value_of_json(const std::string& text);
[[nodiscard]] values::Value value_of_yaml(const std::string& text);

}  // namespace lockstorm::scenarios::terragrunt
