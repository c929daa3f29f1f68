// The one state that somebody asks for advice about: its backend, its names, its workspace.
#pragma once

#include <expected>
#include <string>

#include "cli/command_line.hpp"
#include "cli/configuration_options.hpp"
#include "scenarios/advice/state_names.hpp"
#include "scenarios/data/backend_config.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

struct AdvisedStateOptions {
  std::string backend;  ///< a path, or a type with modes
  std::string workspace;
  ConfigurationOptions configuration;
  BackendOptions given;
};

/// Adds --backend, --workspace and what completes and reads a configuration.
void add_advised_state_options(CommandLine command, AdvisedStateOptions& options);

struct AdvisedState {
  scenarios::AnyBackend backend;
  models::Dialect tool = models::Dialect::terraform;
  scenarios::StateNames names{""};
  std::string directory;            ///< of the root module; empty: none was given
  scenarios::SourceLocation where;  ///< of the backend block; empty file: there is none
  std::vector<std::string> files;   ///< that were read
};

/// Where a path leads to several states, they are named, and one is asked for.
std::expected<AdvisedState, scenarios::InputError> find_advised_state(const AdvisedStateOptions& options);

}  // namespace lockstorm::cli
