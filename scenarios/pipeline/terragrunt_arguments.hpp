// What Terragrunt adds to a run of the tool: its own arguments on the command line, and those that the files
// of the units say.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// The words behind `terragrunt`, sorted into its own and the tool's.
struct TerragruntWords {
  std::vector<std::string> tool;  ///< "apply", "-auto-approve"
  bool is_many = false;           ///< all units below: `run-all`, `run --all`, `apply-all`, `stack run`
  std::optional<std::string> working_directory;
  std::optional<std::string> included;  ///< the only units: --queue-include-dir
  std::optional<unsigned> at_once;      ///< --parallelism
  bool saves_plans = false;             ///< --out-dir: a plan file for each unit
  std::string binary;                   ///< --tf-path
};

/// `words`: those behind the name of the program.
[[nodiscard]] TerragruntWords terragrunt_words(const std::vector<std::string>& words);

/// Puts into each run of Terragrunt what the `terragrunt.hcl` of its units say: flags of `extra_arguments`,
/// unless the command line says them, and expressions of `retryable_errors` that any failure matches, or a
/// held lock. A file that cannot be read says nothing here; audits complain about it.
void take_unit_arguments(Pipeline& pipeline);

}  // namespace lockstorm::scenarios::pipeline
