// `apply`, `apply PLANFILE` and `destroy`, in the order of backend-protocols.md 2.6.
#pragma once

#include "models/terraform/command_context.hpp"

namespace lockstorm::models {

enum class ApplyMode : std::uint8_t { normal, saved_plan, destroy };

Outcome run_apply(CommandContext& context, ApplyMode mode);

}  // namespace lockstorm::models
