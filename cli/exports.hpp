// Writes the worlds of scenarios for other model checkers.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/command.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::cli {

struct ExportArguments {
  std::string format;  ///< "promela", "aut"; empty: nothing is exported
  std::string directory = ".";
};

void add_export_options(CommandLine command, ExportArguments& options);

/// Makes the directory where there is none, before long work is done for it.
std::optional<scenarios::InputError> make_export_directory(const ExportArguments& options);

struct Exported {
  std::string told;                             ///< what was written, and what is to be counted there
  std::optional<scenarios::InputError> failed;  ///< the first that could not be
};

/// Explores each world once more, whole and without any reduction, and writes it as files named after the
/// scenario. One that has more states than fit into the user's memory is an error.
Exported write_exports(const ExportArguments& options, std::span<const scenarios::Scenario> found,
                       const Global& global);

}  // namespace lockstorm::cli
