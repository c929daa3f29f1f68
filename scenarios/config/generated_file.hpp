// Files of a root module that something else writes before the tool runs.
#pragma once

#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/file_findings.hpp"

namespace lockstorm::scenarios {

/// A file that is there once the tool runs, and what it says.
struct GeneratedFile {
  std::string name;  ///< "backend.tf"
  FileFindings findings;
};

/// What the text of a generated file says, in the syntax that its name tells; everything in it has the place
/// `where`, of what generates it.
[[nodiscard]] std::expected<FileFindings, InputError> find_in_generated(const std::string& name,
                                                                        const std::string& text,
                                                                        const SourceLocation& where);

/// Reads a root module that is put together from the files of several directories and from generated ones: of
/// files with one name that of the later directory counts, and a generated one before all. Fails as
/// read_terraform_configuration does, but for directories without configuration.
[[nodiscard]] std::expected<TerraformConfiguration, InputError> read_assembled_configuration(
    std::span<const std::filesystem::path> directories, std::vector<GeneratedFile> generated,
    const ReadOptions& options);

}  // namespace lockstorm::scenarios
