// Words for the steps of a run that depend on nothing but their kind and facts.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/story/counterexample.hpp"

namespace lockstorm::scenarios {

/// CounterexampleStep::event for a kind of step.
std::string_view event_name(sim::MoveKind kind);

/// "20 s have passed since the last persist": which of the two ways was taken.
std::string_view choice_text(models::Choice about, bool is_second);

/// "sent before it froze (step 26)"; empty when the request is not belated.
std::string belated_text(const CounterexampleStep& step);

/// Where a process stops, what becomes of what it has sent: "; its PutObject (step 30) is still on its way";
/// empty: there is nothing.
std::string fate_of_requests(const CounterexampleStep& step);

/// What stands in front of a request that is not simply made and answered: "sent again, as no answer came: ".
std::string about_request(const CounterexampleStep& step);

/// Behind an answer, which of a pooler's sessions the request was given: " (on session 2 of the pooler)".
std::string sessions_of(const sim::Route& route);

}  // namespace lockstorm::scenarios
