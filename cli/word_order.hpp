// Command lines as people write them, in the order in which they are parsed: the command first.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace lockstorm::cli {

/// The words behind the program's name. An option may stand before its command (`--html F audit .`), `help
/// COMMAND` means `COMMAND --help`, `version` and `-v` mean `--version`. What is not understood stays as it
/// is, for the parser to complain about.
[[nodiscard]] std::vector<std::string> in_parsing_order(const CLI::App& app, std::vector<std::string> words);

}  // namespace lockstorm::cli
