// The values that variables of a root module are given: in the environment, in files, on the command line.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/values/module_scope.hpp"

namespace lockstorm::scenarios {

struct GivenVariables {
  values::GivenValues values;
  std::vector<std::string> files;  ///< that were read, in this order
};

/// Values in the tools' order, the last one wins: TF_VAR_*, `terraform.tfvars`, `terraform.tfvars.json`, then
/// `*.auto.tfvars` and `*.auto.tfvars.json` sorted by name (OpenTofu and Terraform:
/// internal/command/meta_vars.go), then the flags as they come. Without a directory only what is given itself
/// counts. Fails where a file is not to be read, or has another thing than arguments.
[[nodiscard]] std::expected<GivenVariables, InputError> given_variables(
    const std::optional<std::filesystem::path>& directory, const ReadOptions& options);

}  // namespace lockstorm::scenarios
