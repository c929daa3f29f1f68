// Sets the stage for a script: servers, directories, a first state; has it performed, and collects what is
// left.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wire/confirm/director.hpp"
#include "wire/confirm/player.hpp"
#include "wire/confirm/script.hpp"
#include "wire/record/recording.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire::confirm {

struct Performance {
  Script script;
  std::vector<Role> roles;          ///< of the script's actors, in their order
  bool has_state = true;            ///< somebody has applied before
  std::filesystem::path tool;       ///< `terraform` or `tofu`
  std::filesystem::path directory;  ///< exists; everything is written below it
  /// Services that are reached in TLS: by their names, and the hosts of which each is the proxy.
  std::map<std::string, std::string> secured{};
  DirectorOptions options{};
};

/// What the servers hold at some moment.
struct Holding {
  std::string service;
  std::string place;
  std::string state;  ///< "serial 2 by client-1", "no state"
  std::string lock;   ///< "client-1's lock (OperationTypeApply)"; empty: none
};
using Holdings = std::vector<Holding>;

struct Performed {
  std::vector<Recorded> exchanges;  ///< every request, in the order in which they came
  Direction direction;
  Holdings before, at_last_step, after;
  bool all_ended = true;                   ///< false: some processes had to be killed in the end
  std::vector<std::vector<ToolRun>> runs;  ///< of each actor, without setting up
  ToolRun next_job;                        ///< a `plan`, after everything
  std::chrono::milliseconds set_up{}, schedule{}, whole{};
};

/// Or why the stage could not be set, a sentence.
std::expected<Performed, std::string> perform(const Performance& performance,
                                              std::vector<std::unique_ptr<ModelServer>>& servers);

}  // namespace lockstorm::wire::confirm
