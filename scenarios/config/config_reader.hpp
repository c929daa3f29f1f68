// Reads what a user's Terraform or OpenTofu configuration says about where its state lives.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// `-var NAME=VALUE` or `-var-file FILE`.
struct VariableFlag {
  enum class Kind : std::uint8_t { value, file };
  Kind kind = Kind::value;
  std::string text;
};

/// What a configuration is read for. Without a tool the result is OpenTofu's view: whoever then decides for
/// Terraform (choose_tool) reads it once more with that tool.
struct ReadOptions {
  std::optional<models::Dialect> tool;
  std::vector<VariableFlag> variables;             ///< in the order of the command line
  std::map<std::string, std::string> environment;  ///< of variables its TF_VAR_* are looked at
  std::string workspace = "default";               ///< what terraform.workspace is
  std::optional<std::string> standard_input{};     ///< a configuration file, what the path `-` stands for
};

/// Whether a path stands for the configuration file that comes by standard input.
[[nodiscard]] bool is_standard_input(const std::filesystem::path& path);

/// Reads one configuration file (`-`: the one that was read from standard input, in JSON if it begins with a
/// brace), or the root module in a directory: its `*.tf`, `*.tf.json`, `*.tofu` and
/// `*.tofu.json` files, not its subdirectories. Hidden files and editors' backups are skipped, as Terraform
/// does.
///
/// `override.tf`, `*_override.tf` and their JSON and OpenTofu twins come last, sorted by name: an override
/// file's backend block replaces the whole backend (or cloud) block before it; arguments are not merged.
///
/// A `.tofu` file replaces the `.tf` file of the same name (`main.tofu.json` replaces `main.tf.json`), as
/// OpenTofu does. Terraform does not read `.tofu` files: when that tool is named they are passed over, and
/// one that is named itself is refused. Without a tool the result is OpenTofu's view.
///
/// What the backend block refers to is evaluated as far as OpenTofu does that before it knows any state
/// (static_values.hpp): variables whose values are their defaults, TF_VAR_*, `terraform.tfvars`,
/// `*.auto.tfvars` and their JSON twins of the directory, and those given. What that leaves open is
/// Unresolved, with the name of what it needs. Terraform evaluates neither references nor calls, and takes a
/// string of the JSON syntax as it is, with its `${`.
///
/// Every file must be syntactically valid to the end, as for Terraform, and have only blocks and arguments at
/// its top level and in its `terraform` blocks that one of the tools knows; of the others only the names are
/// looked at. Never throws; an error names the file, line and column (counted in Unicode code points).
[[nodiscard]] std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, const ReadOptions& options);
[[nodiscard]] std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, std::optional<models::Dialect> tool = std::nullopt);

}  // namespace lockstorm::scenarios
