// What a confirmation prints.
#pragma once

#include <string>

#include "reports/format/style.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/story/counterexample.hpp"
#include "wire/confirm/stage.hpp"

namespace lockstorm::cli {

/// "confirmed", "not reproduced", "different".
std::string_view outcome_text(wire::confirm::Outcome outcome);

/// The counterexample's steps with what really happened beside each, what is stored before, at the last step
/// and after, how each job has ended, and what the next one says.
std::string confirm_text(const scenarios::Scenario& scenario, const scenarios::Counterexample& told,
                         const wire::confirm::Performed& performed, const reports::Style& style);

}  // namespace lockstorm::cli
