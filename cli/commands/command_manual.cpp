// `lockstorm manual`: the manual page, for `man -l -` and packages.
#include "cli/command.hpp"
#include "cli/manual.hpp"

namespace lockstorm::cli {
Action add_manual(CommandLine command) {
  return [command](const Global&) {
    print_whole(manual_page(command.application()));
    return 0;
  };
}

}  // namespace lockstorm::cli
