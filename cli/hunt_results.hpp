// What `hunt` and `campaign` hand over: the same bytes for the same results.
#pragma once

#include <span>
#include <string>

#include "cli/command.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::cli {

/// Writes all files that were asked for and prints the report; returns the exit status.
int write_hunts(std::span<const scenarios::HuntResult> hunts, const Global& global,
                const std::string& html_file, int status);

}  // namespace lockstorm::cli
