// Tells how somebody failed or waited in vain for the lock, and what would have spared it that.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// What can happen, one sentence; for counterexamples to `progress`.
std::string_view progress_headline(const scenarios::Counterexample& counterexample);

/// What happened in this run, and what becomes of the lock.
std::string no_progress(const scenarios::Counterexample& counterexample);

/// What would have prevented it.
std::string progress_prevention(const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
