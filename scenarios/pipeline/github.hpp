// Reads GitHub Actions workflows.
#pragma once

#include <map>
#include <string>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// A workflow file of a repository that was read.
struct GithubFile {
  std::string path;  ///< below the root: ".github/workflows/apply.yml"
  std::string shown;
  Documents documents;
};

/// Adds the jobs of all workflows of a repository; those that only others call are read where they are
/// called.
void read_github(const std::vector<GithubFile>& workflows, const LocalFiles& files, Pipeline& pipeline);

/// Whether it looks like a workflow.
[[nodiscard]] bool looks_like_github(const Node& document);

}  // namespace lockstorm::scenarios::pipeline
