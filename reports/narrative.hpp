// Tells in two or three sentences why a counterexample violates its property.
#pragma once

#include <string>

#include "scenarios/verify.hpp"

namespace lockstorm::reports {

/// What went wrong and who did what, with step numbers.
std::string why(const scenarios::Counterexample& counterexample);

/// The last step after which the violation could still have been avoided, as a sentence.
std::string decisive_moment(const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
