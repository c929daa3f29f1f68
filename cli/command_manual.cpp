// `lockstorm manual`: the manual page, for `man -l -` and packages.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/manual.hpp"

namespace lockstorm::cli {
Action add_manual(CLI::App& command) {
  return [&command](const Global&) {
    fmt::print("{}", manual_page(*command.get_parent()));
    return 0;
  };
}

}  // namespace lockstorm::cli
