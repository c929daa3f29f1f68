// Which files of a directory are its Terraform or OpenTofu configuration, and in which order they count.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// The files of a root module, each list sorted by name.
struct ConfigFiles {
  std::vector<std::filesystem::path> primary;
  std::vector<std::filesystem::path> overrides;
};

/// Lists the configuration files of a directory (Terraform: internal/configs/parser_file_matcher.go;
/// OpenTofu: internal/configs/parser_config_dir.go), as the tool sees them; without a tool as OpenTofu does,
/// which reads all that Terraform reads. Fails if it cannot be listed or has none.
[[nodiscard]] std::expected<ConfigFiles, InputError> list_configuration(
    const std::filesystem::path& directory, std::optional<models::Dialect> tool);

/// Whether a file is configuration by its name: the tools pass over all others.
[[nodiscard]] bool is_configuration(std::string_view file_name);

/// Whether a file is OpenTofu's alone, by its name: Terraform does not read it.
[[nodiscard]] bool is_opentofus_own(std::string_view file_name);

/// Whether a configuration file is an override file, by its name.
[[nodiscard]] bool is_override(std::string_view file_name);

/// Whether a file is in HCL's JSON syntax, by its name.
[[nodiscard]] bool is_json_syntax(std::string_view file_name);

}  // namespace lockstorm::scenarios
