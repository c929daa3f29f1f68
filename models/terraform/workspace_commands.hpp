// `workspace new` and `workspace delete` of this state's workspace (backend-protocols.md 2.5, 2.7).
#pragma once

#include "models/terraform/command_context.hpp"

namespace lockstorm::models {

/// `from_file`: with -state=FILE; the file is a state this client has made up.
Outcome run_workspace_new(CommandContext& context, bool from_file);

Outcome run_workspace_delete(CommandContext& context, bool force);

}  // namespace lockstorm::models
