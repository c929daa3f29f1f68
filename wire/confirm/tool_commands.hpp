// What a model's command is called on the command line, and the configuration that it is run in.
#pragma once

#include <string>
#include <vector>

#include "models/terraform/command.hpp"
#include "wire/confirm/process.hpp"

namespace lockstorm::wire::confirm {

struct CommandSettings {
  std::string writer;  ///< the value that the configuration gives to its resources
  std::string gate;    ///< URL that is asked before a resource is changed
  std::chrono::seconds lock_timeout{0};
  bool locks = true;
};

/// Why no real tool can be made to run it, a clause; empty: it can.
std::string_view objection_to(models::Command command);

/// The tool's arguments. `state push` is given the file that is named pulled_state_file().
std::vector<std::string> arguments_of(models::Command command, const CommandSettings& line);

/// Where the output of `state pull` is kept for `state push`.
std::string_view pulled_state_file();

/// Resources r1, r2, ... that are replaced whenever the writer changes, each after it has asked the gate.
std::string configuration_of(unsigned resources, const std::string& backend_block);

/// The environment that every run of the tool gets: this process's, without proxies and without what would
/// change what the tool does.
Environment clean_environment();

}  // namespace lockstorm::wire::confirm
