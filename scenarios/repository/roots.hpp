// Which directories of a tree are root modules, with a state of their own, and which are not.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/tool_choice.hpp"

namespace lockstorm::scenarios {

/// A directory with configuration, read.
struct RootModule {
  std::filesystem::path directory;
  TerraformConfiguration configuration;  ///< as the tool reads it
  ToolChoice tool;
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
};

/// Walks each path. A file stands for its directory, which is then taken for a root whatever it has, but not
/// walked. Hidden directories (`.git`, `.terraform`, ...) and `node_modules` are skipped, symbolic links to
/// directories are not followed; a directory is read once. With a backend, cloud or state_store block a
/// directory is a root. Without one it is one if something says that somebody runs the tool there: a
/// dependency lock file, `.terraform`, `terraform.tfvars`, `*.auto.tfvars`, a `terragrunt.hcl` or a provider
/// block. All others are modules.
[[nodiscard]] FoundRoots find_roots(std::span<const std::filesystem::path> paths, const WalkOptions& options);

}  // namespace lockstorm::scenarios
