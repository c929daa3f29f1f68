// Finds the CI files of a repository and reads them.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>

#include "scenarios/pipeline/pipeline.hpp"
#include "scenarios/pipeline/text_overlay.hpp"

namespace lockstorm::scenarios::pipeline {

/// Reads one CI file, whose system its content tells, or those of the repository in a directory. A file that
/// is broken is complained about in the result, and the others are read. Fails where there is nothing to
/// read. `overlay`: what is read in place of files.
[[nodiscard]] std::expected<Pipeline, InputError> read_pipeline(const std::filesystem::path& path,
                                                                const TextOverlay& overlay = {});

/// The same for the CI files that hold for a directory, or for that of a file: those of the nearest one, from
/// there up to the root of its repository, that has any where their systems look for them. Nothing: none has.
[[nodiscard]] std::optional<Pipeline> pipeline_around(const std::filesystem::path& path);

/// The same for the text of one file by itself.
[[nodiscard]] Pipeline read_pipeline_text(std::string text, const std::string& file);

}  // namespace lockstorm::scenarios::pipeline
