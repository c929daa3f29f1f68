// Which single fence or rule would have spared a scenario its violation: found by trying them, not by
// reasoning about them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/backend_type.hpp"
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
  bool is_conduct = false;
};

/// What can be changed about the scenario so that the property might hold, weakest first: rules for the
/// operator, settings that exist, fences that clients would have to learn, another tool, fewer jobs at once;
/// and last, each rule for the operator together with each change of the backend.
std::vector<WhatIf> what_ifs(const Scenario& scenario, checkers::Property property);

/// As a backend block says it: "`use_lockfile = true` and no `dynamodb_table`". Empty when it is about more
/// than arguments that the tools know.
std::string as_arguments(const ChangedSettings& settings, const BackendType& type);

inline constexpr std::string_view kOneJobAtATime =
    "one job at a time, such as by a concurrency group of the CI";
inline constexpr std::string_view kPriceOfOneJob =
    "jobs wait for each other, and whoever starts one by hand is not held back";
inline constexpr std::string_view kPriceOfNoRetries =
    "one error of the server, or one answer that is lost, then fails the command that meets it: a save ends "
    "in errored.tfstate";

/// Tries them in turn until one makes the property hold. A change that the tools would refuse is left out;
/// one whose world grows larger than `max_states` is unknown.
std::vector<TriedChange> try_changes(const Scenario& scenario, checkers::Property property,
                                     std::size_t max_states = limits::kWhatIfStates);

}  // namespace lockstorm::scenarios
