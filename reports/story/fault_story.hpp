// Tells of a counterexample what adverse events did to whom.
#pragma once

#include <string>

#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {

/// The fault, as a sentence; and whether the client library repeats the request that it hit.
std::string fault_sentence(const Steps& steps, const Step& fault);

/// The same for any adverse event; empty for what an operator does, which is told as a whole, and for other
/// steps.
std::string event_sentence(const Steps& steps, const Step& event);

/// What the operator's force-unlock removed; empty when there was none.
std::string force_unlock_sentence(const Steps& steps);

}  // namespace lockstorm::reports
