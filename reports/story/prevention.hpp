// What would have prevented a counterexample, as advice; grounded in docs/reference/backend-protocols.md 5.4.
#pragma once

#include <string>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// One to three sentences that complete "What would have prevented it:".
std::string prevention(const scenarios::Scenario& scenario, const scenarios::Counterexample& counterexample);

/// What came of trying changes: which one is enough, and which are not. Empty: none was tried.
std::string tried_changes(const scenarios::Scenario& scenario,
                          const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
