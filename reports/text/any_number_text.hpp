// What was found out about every number of jobs, as text.
#pragma once

#include <string>

#include "scenarios/search/any_number.hpp"

namespace lockstorm::reports {

/// A line for each property, and why where it is not held; ends with a newline.
std::string any_number_text(const scenarios::Scenario& scenario, const scenarios::AnyNumberResult& result);

}  // namespace lockstorm::reports
