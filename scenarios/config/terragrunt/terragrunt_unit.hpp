// A Terragrunt unit: what a terragrunt.hcl says together with the files that it includes.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/config/terragrunt/terragrunt_files.hpp"
#include "scenarios/config/values/value.hpp"
#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios::terragrunt {

/// What is done where the file to generate is there already.
enum class IfExists : std::uint8_t { error, skip, overwrite, overwrite_own };

/// Where `remote_state` puts the backend block that it stands for.
struct Target {
  std::string path;
  IfExists if_exists = IfExists::error;
};

/// `remote_state`, with what the tool gets of its arguments.
struct RemoteState {
  BackendBlock block;            ///< its place is that of the remote_state block
  std::optional<Target> target;  ///< nothing: -backend-config completes the module's block
  bool has_encryption = false;
  std::vector<EvaluatedArgument> evaluated;  ///< arguments that the environment has a say in
};

/// A `generate` block.
struct Generate {
  Target target;
  values::Value contents;  ///< a text, or a symbol
  SourceLocation where;
};

/// An `extra_arguments` block; what only a run knows is not in it.
struct ExtraArguments {
  std::vector<std::string> commands;
  std::vector<std::string> arguments;
  SourceLocation where;
};

/// What Terragrunt repeats a run of the tool for: expressions that its error output is searched for.
struct Retries {
  std::vector<std::string> expressions;
  SourceLocation where;
};

/// The module that a unit runs: `terraform { source = ... }`.
struct ModuleSource {
  values::Value value;  ///< a text, or a symbol
  std::filesystem::path relative_to;
  SourceLocation where;
};

struct Unit {
  std::filesystem::path file;  ///< absolute
  std::optional<RemoteState> remote_state;
  std::map<std::string, Generate> generated;  ///< by label, without those that are disabled
  std::map<std::string, ExtraArguments> extra_arguments;
  std::vector<Retries> retries;  ///< `retryable_errors`, and `errors { retry { ... } }`
  std::optional<ModuleSource> source;
  bool has_hooks = false;                                        ///< commands that may add to the module
  std::optional<std::pair<std::string, SourceLocation>> binary;  ///< terraform_binary
  std::optional<std::pair<std::string, SourceLocation>> version_constraint;  ///< of the tool
  std::vector<std::filesystem::path> included;                               ///< absolute
};

/// Reads a terragrunt.hcl and merges what it includes, as Terragrunt does (pkg/config/config.go, ParseConfig;
/// include.go, Merge and DeepMerge, which agree on all that is read here but for `generate` blocks of one
/// name). A symbol stands for what only a run knows; a complaint is what Terragrunt would refuse.
[[nodiscard]] std::expected<Unit, InputError> read_unit(
    const std::filesystem::path& file, FileCache& files,
    const std::map<std::string, std::string>& environment);

}  // namespace lockstorm::scenarios::terragrunt
