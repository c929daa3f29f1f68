// Which single fence or rule would have spared a scenario its violation: found by trying them, not by
// reasoning about them.
#pragma once

#include <string>
#include <vector>

#include "scenarios/search/limits.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// A scenario with one thing changed.
struct WhatIf {
  std::string rule;  ///< see TriedChange
  std::string setting;
  std::string in_audit;
  Scenario scenario;
  std::string price{};
};

/// What can be changed about the scenario so that the property might hold, weakest first: rules for the
/// operator, settings that exist, fences that clients would have to learn, another tool, fewer jobs at once;
/// and last, each rule for the operator together with each change of the backend.
std::vector<WhatIf> what_ifs(const Scenario& scenario, checkers::Property property);

/// Tries them in turn until one makes the property hold. A change that the tools would refuse is left out;
/// one whose world grows larger than `max_states` is unknown.
std::vector<TriedChange> try_changes(const Scenario& scenario, checkers::Property property,
                                     std::size_t max_states = limits::kWhatIfStates);

}  // namespace lockstorm::scenarios
