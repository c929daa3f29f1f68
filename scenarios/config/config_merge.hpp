// Merges what the files of a root module say, as Terraform merges them.
#pragma once

#include <optional>
#include <utility>
#include <vector>

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

  /// What is declared, and the arguments of the merged block that are still to be evaluated with it.
  [[nodiscard]] const values::Declarations& declared() const { return declared_; }
  [[nodiscard]] std::vector<OpenArgument> open_arguments() const;

  /// The result, not yet evaluated; its `files` are left to the caller.
  [[nodiscard]] const TerraformConfiguration& merged() const { return merged_; }
  [[nodiscard]] TerraformConfiguration take() && { return std::move(merged_); }

 private:
  void take_over(FileFindings& file);

  TerraformConfiguration merged_;
  values::Declarations declared_;
  std::vector<OpenArgument> open_arguments_;
};

}  // namespace lockstorm::scenarios
