// The steps of a GitHub job: scripts, actions of the repository, and actions that run the tool.
#pragma once

#include "scenarios/pipeline/github_events.hpp"
#include "scenarios/pipeline/script.hpp"

namespace lockstorm::scenarios::pipeline {

/// What a job's steps share.
struct GithubJob {
  GithubScope scope;
  std::string directory = ".";  ///< of `defaults.run`
  bool in_container = false;
  const LocalFiles* files = nullptr;
  const std::vector<std::string>* lines = nullptr;  ///< of the file that the steps stand in
  JobShell shell;
  bool has_wrapper = false;
  bool has_tofu_wrapper = false;
};

struct GithubSteps {
  std::vector<Command> commands;
  std::vector<std::string> unknown;
  bool waits_for_tool = false;
  std::optional<std::pair<std::chrono::seconds, SourceLocation>> credentials;
  std::optional<SourceLocation> old_revisions;
  std::optional<SourceLocation> locks_off;  ///< of pull requests
};

/// Reads the steps as they run with the job's scope. `depth` counts actions of the repository inside each
/// other.
void read_github_steps(const Node& steps, GithubJob& job, GithubSteps& found, unsigned depth = 0);

/// Adds the variables of an `env:` to the scope's.
void add_environment(const Node& env, GithubScope& scope);

}  // namespace lockstorm::scenarios::pipeline
