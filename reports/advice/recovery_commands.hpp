// The runbooks of `advise recover`, as commands with the real names.
#pragma once

#include <string>
#include <vector>

#include "reports/advice/unlock_commands.hpp"
#include "scenarios/advice/recovery.hpp"

namespace lockstorm::reports {

/// A step of a runbook: what to do, and why or how to read what comes of it.
struct RunbookStep {
  std::string what;                     ///< a sentence
  std::vector<std::string> commands{};  ///< lines for a shell
  std::string then{};                   ///< what it has to show, a sentence; empty: nothing
};

struct StateToRecover {
  const scenarios::AnyBackend& backend;
  models::Dialect tool = models::Dialect::terraform;
  const scenarios::StateNames& names;
  std::string directory;  ///< of the root module; empty: not known
};

std::vector<RunbookStep> runbook(scenarios::Situation situation, const StateToRecover& state);

}  // namespace lockstorm::reports
