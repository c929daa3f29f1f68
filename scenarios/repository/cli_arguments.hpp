// What jobs pass to the tool without typing it: TF_CLI_ARGS and its kin, Terragrunt's extra_arguments.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/config/config_reader.hpp"

namespace lockstorm::scenarios {

/// A setting, and what says it: "TF_CLI_ARGS_apply".
template <typename Value>
struct Said {
  Value value{};
  ValueSource by;
};

struct CliArguments {
  std::vector<Said<std::string>> backend_config;  ///< FILE or NAME=VALUE, of `init`; later ones win
  std::vector<VariableFlag> variables;
  std::optional<Said<std::chrono::milliseconds>> lock_timeout;  ///< of `apply`
  std::optional<Said<bool>> lock;                               ///< of `apply`
};

/// Reads words for `command`, one of `init` and `apply`; what is of no interest here is passed over, and so
/// is what the tool would not understand.
void add_words(std::span<const std::string> words, std::string_view command, const ValueSource& by,
               CliArguments& into);

/// TF_CLI_ARGS and TF_CLI_ARGS_init, TF_CLI_ARGS_apply (Terraform: main.go, mergeEnvArgs: the general one
/// comes after those of the command, and wins).
[[nodiscard]] CliArguments cli_arguments(const std::map<std::string, std::string>& environment);

/// The words of a line as a shell splits them: quotes and backslashes, nothing else.
[[nodiscard]] std::vector<std::string> shell_words(std::string_view line);

}  // namespace lockstorm::scenarios
