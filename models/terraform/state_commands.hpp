// `init`, `import` and the `state` commands: read, change and write the state under the lock
// (backend-protocols.md 2.5, 2.11).
#pragma once

#include "models/terraform/command_context.hpp"

namespace lockstorm::models {

/// The last resource of the configuration exists as instance 1, whatever the state says.
Outcome run_import(CommandContext& context);

/// StateMgr, which creates the state of the default workspace on azurerm, gcs and kubernetes under an `init`
/// lock (2.7), and a read without a lock: the race of two first applies is one of two of these (confirm.md 2,
/// D4).
Outcome run_init(CommandContext& context);

/// Reads without a lock (2.5).
Outcome run_state_pull(CommandContext& context);

/// Pushes errored.tfstate if there is one, otherwise the pulled state with a change made by hand and, as the
/// documentation asks for, the serial raised by hand.
Outcome run_state_push(CommandContext& context, bool force);

/// Renames resource 1. Every configuration is taken to have been changed along with it.
Outcome run_state_mv(CommandContext& context);

/// Makes the state forget resource 1.
Outcome run_state_rm(CommandContext& context);

/// Sets the digest to that of the stored state, without the tool and without a lock (3.1, residue).
Outcome run_repair_digest(CommandContext& context);

}  // namespace lockstorm::models
