// Reads Spacelift's file: .spacelift/config.yml of a repository.
#pragma once

#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// By its content, or by the name of its file.
[[nodiscard]] bool looks_like_spacelift(const Node& document, const std::string& file);

/// Adds a job for each stack.
void read_spacelift(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                    Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
