// One actor of a script, played by a real tool in a directory of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/terraform/command.hpp"
#include "wire/confirm/process.hpp"

namespace lockstorm::wire::confirm {

/// The port of each service, by its name.
using Ports = std::map<std::string, std::uint16_t>;

/// A backend block, and what the environment says beside it.
struct ToolBackend {
  std::string block;  ///< `backend "http" {}`
  Environment environment{};
  std::map<std::string, std::string> files{};  ///< beside the configuration: name and text
};

/// Who an actor is: what it runs, one command after the other.
struct Role {
  std::string name;  ///< as the script has it; also the value that it writes into a state
  std::vector<models::Command> commands;
  std::uint8_t resources = 1;
  std::chrono::seconds lock_timeout{0};
  bool locks = true;  ///< false: -lock=false
  /// Its configuration, once it is known where the servers are.
  std::function<ToolBackend(const Ports&, const std::string& actor)> backend;
};

/// One run of the tool that has ended, or goes on.
struct ToolRun {
  std::string command;  ///< as it was typed
  std::optional<int> status;
  std::string printed;
};

class Player {
 public:
  struct Places {
    std::filesystem::path tool;
    std::filesystem::path directory;  ///< exists, and is empty
    Ports ports;
    std::uint16_t provider_port = 0;  ///< who is asked before a resource is changed
    std::filesystem::path authority;  ///< whose certificates are to be trusted; empty: nobody speaks TLS
  };
  Player(Role role, Places places);

  [[nodiscard]] const Role& role() const { return role_; }
  /// Runs the tool with these arguments, and no sooner than what it has started before has ended. Or why not.
  std::expected<void, std::string> start(const std::vector<std::string>& arguments);
  /// Starts its next command; false: there is none, or the one before has failed.
  std::expected<bool, std::string> start_next();
  /// The process that was started last; null before the first.
  ToolProcess* process() { return process_ ? &*process_ : nullptr; }
  /// True before the first, and once the last one has ended.
  [[nodiscard]] bool is_idle() { return !process_ || process_->ended().has_value(); }
  [[nodiscard]] const std::vector<ToolRun>& runs();
  /// What has run so far was there to set the stage.
  void forget_runs() { runs_.clear(); }

 private:
  /// What `state push` pushes: the file that a failed apply has left, or the pulled state, edited by hand.
  void prepare_push() const;
  /// A failed apply has left what it could not save.
  [[nodiscard]] bool has_errored_state() const;

  Role role_;
  Places places_;
  Environment environment_;
  std::size_t next_ = 0;
  std::optional<ToolProcess> process_;
  std::size_t started_ = 0;
  std::vector<ToolRun> runs_;
};

}  // namespace lockstorm::wire::confirm
