// `plan` and `refresh`: operations that read the infrastructure and change none
// (backend-protocols.md 2.5, 2.9).
#pragma once

#include "models/terraform/command_context.hpp"

namespace lockstorm::models {

/// `save`: -out, leaves a plan file.
Outcome run_plan(CommandContext& context, bool save);

Outcome run_refresh(CommandContext& context);

}  // namespace lockstorm::models
