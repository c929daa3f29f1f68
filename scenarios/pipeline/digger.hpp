// Reads Digger (OpenTaco)'s file: digger.yml of a repository.
#pragma once

#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// By its content, or by the name of its file.
[[nodiscard]] bool looks_like_digger(const Node& document, const std::string& file);

/// Adds one job: pull requests, with a leg for each project, and what is applied when they are merged.
void read_digger(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                 Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
