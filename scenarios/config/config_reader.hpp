// Reads what a user's Terraform or OpenTofu configuration says about where its state lives.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>

#include "models/terraform/backend.hpp"
#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// Reads one configuration file, or the root module in a directory: its `*.tf`, `*.tf.json`, `*.tofu` and
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
/// In the JSON syntax a string with `${` or `%{` is Unresolved: OpenTofu evaluates it, Terraform takes it
/// literally.
///
/// Every file must be syntactically valid to the end, as for Terraform, and have only blocks and arguments at
/// its top level and in its `terraform` blocks that one of the tools knows; of the others only the names are
/// looked at. Never throws; an error names the file, line and column (counted in Unicode code points).
[[nodiscard]] std::expected<TerraformConfiguration, InputError> read_terraform_configuration(
    const std::filesystem::path& file_or_directory, std::optional<models::Dialect> tool = std::nullopt);

}  // namespace lockstorm::scenarios
