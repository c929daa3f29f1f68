// Merges what the files of a root module say, as Terraform merges them.
#pragma once

#include <optional>
#include <utility>

#include "scenarios/config/file_findings.hpp"

namespace lockstorm::scenarios {

/// Merges files one by one (Terraform: internal/configs/module.go, appendFile and mergeFile).
class ConfigMerge {
 public:
  /// Adds a file that is not an override: a second backend, cloud or state_store block is an error, and so
  /// are two kinds of these.
  [[nodiscard]] std::optional<InputError> append(FileFindings file);

  /// Adds an override file, after all others: its backend, cloud or state_store block replaces whichever
  /// there was, and its required versions replace all earlier ones.
  [[nodiscard]] std::optional<InputError> override_with(FileFindings file);

  /// The result; its `files` are left to the caller.
  [[nodiscard]] TerraformConfiguration take() && { return std::move(merged_); }

 private:
  TerraformConfiguration merged_;
};

}  // namespace lockstorm::scenarios
