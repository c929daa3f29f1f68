// How a lock is looked at and removed on each backend, as commands with the real names.
#pragma once

#include <string>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/advice/lock_record.hpp"
#include "scenarios/advice/state_names.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::reports {

struct ShellCommand {
  std::string what;     ///< what it is for, a sentence without its full stop
  std::string command;  ///< a line for a shell
};

/// A lock that somebody wants to be rid of.
struct LockToRemove {
  const scenarios::AnyBackend& backend;
  models::Dialect tool = models::Dialect::terraform;
  const scenarios::StateNames& names;
  const scenarios::LockRecord& record;
  std::string directory;  ///< of the root module; empty: not known
};

/// "terraform -chdir=live force-unlock ID", in the state's workspace; `arguments` stand behind the command.
std::string tool_command(models::Dialect tool, const scenarios::StateNames& names,
                         const std::string& directory, const std::string& arguments);

struct UnlockCommands {
  std::vector<ShellCommand> look;    ///< whose lock it is, now
  std::vector<ShellCommand> remove;  ///< the documented way
  /// In the store itself, where the documented way does not work. No world is about these.
  std::vector<ShellCommand> last_resort;
};

UnlockCommands unlock_commands(const LockToRemove& lock);

}  // namespace lockstorm::reports
