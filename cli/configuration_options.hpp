// Options of commands that read configurations: which jobs are asked about, how they are read, and what
// completes their backend blocks.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/gate/policy.hpp"

namespace lockstorm::cli {

/// Of the jobs, and of how what they read is read. Where one is not given, a policy decides, or the default.
struct ConfigurationOptions {
  std::string tool;  ///< empty: not given
  std::optional<std::uint16_t> jobs;
  std::optional<std::string> lock_timeout;
  std::optional<std::string> runner;
  std::optional<std::string> faults;
  std::vector<std::string> variables;
  std::vector<std::string> variable_files;
  bool no_environment = false;
  std::vector<std::string> excluded;
  bool modules = false;
};

/// What is put over backend blocks.
struct BackendOptions {
  std::vector<std::string> settings;        ///< ARGUMENT=VALUE
  std::vector<std::string> backend_config;  ///< FILE or ARGUMENT=VALUE
  std::vector<std::string> store;           ///< KEY=VALUE
};

/// Adds --tool, --var, --var-file and --no-env.
void add_reading_options(CommandLine command, ConfigurationOptions& options);
/// Adds --jobs-in-ci, --lock-timeout, --runner and --faults.
void add_job_options(CommandLine command, ConfigurationOptions& options);
/// Adds --exclude and --modules.
void add_walk_options(CommandLine command, ConfigurationOptions& options);

/// Empty, or why the text is not ARGUMENT=VALUE; what was given is not repeated, as it may be a credential.
std::string must_set_an_argument(const std::string& text);
/// Likewise for a file's name or ARGUMENT=VALUE.
std::string must_complete_a_block(const std::string& text);

/// The options as an inventory takes them; each was checked when it was parsed. What comes later wins, as in
/// `terraform init`.
std::expected<scenarios::InventoryOptions, scenarios::InputError> inventory_options(
    const ConfigurationOptions& options, const BackendOptions& backend, const scenarios::Policy& policy = {});

}  // namespace lockstorm::cli
