// `init -migrate-state`: copies the state to the backend that the configuration names now
// (backend-protocols.md 2.5).
#pragma once

#include "models/terraform/command_context.hpp"

namespace lockstorm::models {

/// Afterwards the context's backend is the new one, if all went well. With -force-copy: nobody is asked.
Outcome run_migrate(CommandContext& context);

}  // namespace lockstorm::models
