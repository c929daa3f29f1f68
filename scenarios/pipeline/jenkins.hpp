// Reads Jenkinsfiles.
#pragma once

#include <string>

#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// Adds one job: the pipeline, as its branches build it.
void read_jenkins(const std::string& text, const std::string& shown, const LocalFiles& files,
                  Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
