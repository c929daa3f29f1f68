// Which directories of a tree are root modules, with a state of their own, and which are not.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/tool_choice.hpp"
#include "scenarios/repository/cli_arguments.hpp"

namespace lockstorm::scenarios {

/// A directory with configuration, read.
struct RootModule {
  std::filesystem::path directory;
  TerraformConfiguration configuration;  ///< as the tool reads it
  ToolChoice tool;
  CliArguments passed;  ///< what its jobs pass to the tool, as Terragrunt has it
};

/// A directory that is not audited, and why.
struct LeftOut {
  std::filesystem::path directory;
  std::string why;  ///< a clause
};

struct FoundRoots {
  std::vector<RootModule> roots;       ///< sorted by directory within each path that was given
  std::vector<LeftOut> left_out;       ///< modules, and what was excluded by name
  std::vector<InputError> complaints;  ///< about what cannot be read
};

struct WalkOptions {
  ReadOptions read;  ///< its tool: the one that is asked about; unset: each root's own
  std::vector<std::string>
      excluded;                  ///< globs: of directory names, of paths below the one given, of real paths
  bool every_directory = false;  ///< also what looks like a module: it counts as a root with local state

  /// What a directory is read with: also its workspace, and variables that TF_CLI_ARGS_init gives.
  [[nodiscard]] ReadOptions read_in(const std::filesystem::path& directory) const;
};

/// Walks each path; `-` is a root of the one file that came by standard input. A file stands for its
/// directory, which is then taken for a root whatever it has, but not walked. Hidden directories (`.git`,
/// `.terraform`, ...) and `node_modules` are skipped, symbolic links to directories are not followed; a
/// directory is read once. With a backend, cloud or state_store block a directory is a root. Without one it
/// is one if something says that somebody runs the tool there: a dependency lock file, `.terraform`,
/// `terraform.tfvars`, `*.auto.tfvars` or a provider block. All others are modules. A directory with a
/// `terragrunt.hcl` is what Terragrunt makes of it (TerragruntUnits).
[[nodiscard]] FoundRoots find_roots(std::span<const std::filesystem::path> paths, const WalkOptions& options);

}  // namespace lockstorm::scenarios
