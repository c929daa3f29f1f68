// The commands a client runs, one after the other in one working directory (backend-protocols.md 2.5).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "models/cloud/cloud.hpp"
#include "models/services/shared_directory.hpp"
#include "models/terraform/backend.hpp"
#include "models/terraform/orchestrated.hpp"
#include "models/terraform/release.hpp"
#include "models/terraform/remote_state.hpp"
#include "models/terraform/working_directory.hpp"

namespace lockstorm::models {

/// What a client runs, in the tools' own words.
enum class Command : std::uint8_t {
  apply,
  plan,
  plan_out,    ///< leaves a plan file in the working directory
  apply_plan,  ///< applies the plan file of the working directory
  destroy,
  refresh,
  import,                  ///< takes a real resource that no state records into the state
  state_pull,              ///< leaves the state in the working directory, for `state push`
  state_push,              ///< pushes errored.tfstate if there is one, else the pulled state, edited by hand
  state_push_force,        ///< ... with -force
  state_mv,                ///< renames the first resource
  state_rm,                ///< makes the state forget the first resource
  workspace_new,           ///< creates this state's workspace
  workspace_new_state,     ///< ... with -state=FILE
  workspace_delete,        ///< deletes this state's workspace
  workspace_delete_force,  ///< ... with -force
  init_migrate,            ///< copies the state to the backend `migrate_to`; later commands use that one
  init,                    ///< creates the state where the backend does that (2.7), and reads it
  repair_digest,           ///< no command of the tools: somebody sets the digest in the store by hand
  // What happens to a pull request besides plans and applies (scenario `orchestrator`).
  push_commit,       ///< a commit that touches what this job plans
  push_elsewhere,    ///< a commit after which the pull request does not touch it any more
  approve,           ///< somebody approves what the pull request shows
  merge,             ///< merges and closes it
  unlock,            ///< gives its lock and its plan up
  unlock_neighbour,  ///< the same for another directory of the pull request
};

/// "plan -out"; what a scenario says.
std::string_view command_name(Command command);
std::optional<Command> command_named(std::string_view name);
/// The name of every command, in the order of `Command`.
std::span<const std::string_view> command_names();

/// Whether the command changes state or infrastructure when all goes well.
bool writes(Command command);

/// Whether the command runs as an operation that interrupts stop (2.9). The others swallow SIGINT: the tools
/// catch the signal and nobody asks for it. [command/meta.go:RunOperation]
bool takes_interrupts(Command command);

/// Who stands between the command and the backend: remote.State (2.4), or the local backend's
/// statemgr.Filesystem (3.10).
enum class StateManager : std::uint8_t { remote, filesystem };

struct CommandOptions {
  std::uint8_t resources = 1;  ///< addresses 0..resources-1 in the configuration
  std::chrono::milliseconds lock_timeout{0};
  std::uint8_t runs = 1;  ///< the commands are run this often, as one CI job with a loop
  bool takes_interrupts = false;
  StateManager manager = StateManager::remote;
  Dialect dialect = Dialect::terraform;
  bool lock = true;  ///< false: -lock=false (2.3.3)
  /// Run in this order; a command that exits with an error ends the script (`set -e`), except that
  /// `state push` then saves an errored.tfstate.
  std::vector<Command> commands{Command::apply};
  WorkingDirectory directory;           ///< what lies there before the first command
  const Backend* migrate_to = nullptr;  ///< init_migrate: the backend the configuration names now
  StateManager migrate_to_manager = StateManager::remote;
  bool empties_migrated = false;  ///< init_migrate: what was migrated is erased where it was
  /// Terraform before 0.11.4: apply reads the state before it waits for the lock (hashicorp/terraform#17407).
  bool reads_before_lock = false;
  /// Bit i: whoever wrote the configuration meant to take address i out of it, so that an apply shall destroy
  /// what is recorded there.
  std::uint8_t removes = 0;
  /// The pipeline runs the script again, from its beginning, when it has failed; an interrupted one has been
  /// cancelled and is not run again.
  std::uint8_t retries = 0;
  Release release{};
  /// The job is part of a pull request, and an orchestrator runs its plans and applies.
  std::optional<Orchestrated> orchestrated{};
  /// The working directory is also that of other jobs.
  std::optional<sim::ServiceRef<SharedDirectory>> shared_directory{};
  /// In a world with two states: whether this job's is the second one, and what it reads of the other.
  RemoteState remote_state{};
};

/// The body of one CI job. The backends must outlive the process.
void run_commands(sim::Process& self, const Backend& backend, sim::ServiceRef<Cloud> cloud,
                  const CommandOptions& options);

}  // namespace lockstorm::models
