// Published GitHub actions that run the tool: what each does to a state.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

using ActionInputs = std::map<std::string, std::string>;  ///< names in lower case

struct KnownAction {
  std::optional<Command> command;
  bool is_about_the_tool = false;  ///< its name says so, and nothing more is known of it
};

/// `name`: "dflook/terraform-apply", in lower case and without its version; `directory`: of the job.
[[nodiscard]] KnownAction known_action(const std::string& name, const ActionInputs& inputs,
                                       const std::string& directory);

}  // namespace lockstorm::scenarios::pipeline
