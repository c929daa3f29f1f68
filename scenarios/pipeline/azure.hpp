// Reads Azure Pipelines' files.
#pragma once

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

[[nodiscard]] bool looks_like_azure(const Node& document);

/// Adds the jobs of a pipeline's file; templates of the repository are read where they are used.
void read_azure(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                const LocalFiles& files, Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
