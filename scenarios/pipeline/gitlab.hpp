// Reads GitLab CI's files.
#pragma once

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

[[nodiscard]] bool looks_like_gitlab(const Node& document);

/// Adds the jobs of a pipeline's file, with what it includes of the repository.
void read_gitlab(const Documents& documents, const std::string& shown, const LocalFiles& files,
                 Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
