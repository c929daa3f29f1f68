// Reads Terrateam's file: .terrateam/config.yml of a repository.
#pragma once

#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// By its content, or by the name of its file.
[[nodiscard]] bool looks_like_terrateam(const Node& document, const std::string& file);

/// Adds one job: pull requests, with a leg for each directory and workspace.
void read_terrateam(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                    Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
