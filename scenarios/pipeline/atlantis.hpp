// Reads Atlantis' files: atlantis.yaml of a repository, and the repositories' file of a server.
#pragma once

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

[[nodiscard]] bool looks_like_atlantis(const Node& document);

/// Adds one job: pull requests, with a leg for each project.
void read_atlantis(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                   Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
