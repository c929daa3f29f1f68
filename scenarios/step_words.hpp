// Words for the steps of a run that depend on nothing but their kind and facts.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/verify.hpp"

namespace lockstorm::scenarios {

/// CounterexampleStep::event for a kind of step.
std::string_view event_name(sim::MoveKind kind);

/// "sent before it froze (step 26)"; empty when the request is not belated.
std::string belated_text(const CounterexampleStep& step);

/// What stands in front of a request that is not simply made and answered: "sent again, as no answer came: ".
std::string about_request(const CounterexampleStep& step);

}  // namespace lockstorm::scenarios
