// What every command gets to work with, and the steps that most of them begin with.
#pragma once

#include "models/terraform/command.hpp"
#include "models/terraform/interrupts.hpp"
#include "models/terraform/outcome.hpp"
#include "models/terraform/state_session.hpp"

namespace lockstorm::models {

struct CommandContext {
  sim::Process& self;
  const Backend* backend;  ///< the one the configuration names
  StateManager manager;
  sim::ServiceRef<Cloud> cloud;
  const CommandOptions& options;
  Interrupts& interrupts;
  WorkingDirectory& directory;
  Outcome& outcome;                 ///< of the process so far: what earlier commands left behind
  std::uint8_t command = 0;         ///< number of the one that runs, in the script
  std::uint16_t commands_run = 0;   ///< numbers locks and writes of this process
  bool may_have_left_lock = false;  ///< an earlier command of this process may have: it failed

  /// Terraform's local backend writes the file with every WriteState (3.10).
  [[nodiscard]] bool writes_at_once(StateManager of) const {
    return of == StateManager::filesystem && options.dialect == Dialect::terraform;
  }
  /// A session on the configured state; its lock is told from those of this process's other commands.
  StateSession session() {
    return {self,
            *backend,
            manager,
            writes_at_once(manager),
            commands_run,
            options.release,
            interrupts,
            options.remote_state.is_other ? checkers::kInOtherCriticalSection : checkers::kInCriticalSection};
  }
};

/// StateMgr, the command's lock and RefreshState (2.6 steps 3-5). Nothing: go on, and end with `finish`.
std::optional<Outcome> start(CommandContext& context, StateSession& session, LockOperation operation);

/// StateMgr and the command's lock only.
std::optional<Outcome> open_and_lock(CommandContext& context, StateSession& session, LockOperation operation);

/// The command's lock only. `lock_timeout`: usually that of the options.
std::optional<Outcome> take_lock(CommandContext& context, StateSession& session, LockOperation operation,
                                 std::chrono::milliseconds lock_timeout);

/// RefreshState under the lock; when it fails the command unlocks and stops.
std::optional<Outcome> refresh(StateSession& session);

/// The deferred unlock, on every path.
Outcome finish(StateSession& session, Outcome outcome);

/// WriteState and PersistState of a command without errored.tfstate (2.6.11), then `finish`.
Outcome save_and_finish(StateSession& session);

}  // namespace lockstorm::models
