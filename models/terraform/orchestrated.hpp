// The jobs of a pull request: what an orchestrator does before and after their plans and applies.
#pragma once

#include <cstdint>

#include "models/services/orchestrator.hpp"

namespace lockstorm::models {

struct CommandContext;
struct Outcome;
enum class Command : std::uint8_t;

/// Whose job it is, and by which rules.
struct Orchestrated {
  sim::ServiceRef<Orchestrator> service{0};
  OrchestratorRules rules;
  std::uint8_t pull = 1;
};

/// Whether the command is one of those that happen to a pull request, or that an orchestrator runs for it.
bool is_of_pull_request(Command command);

/// `plan -out`, `apply PLANFILE` and what else happens to a pull request; the context's options say whose.
Outcome run_orchestrated(CommandContext& context, Command command);

}  // namespace lockstorm::models
