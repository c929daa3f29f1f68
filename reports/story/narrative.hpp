// Tells in two or three sentences why a counterexample violates its property.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// What can happen, in operator's words: the property's headline, or a closer one where the run allows it.
std::string_view headline_of(const scenarios::Counterexample& counterexample);

/// What went wrong and who did what, with step numbers.
std::string why(const scenarios::Counterexample& counterexample);

/// The last step after which the violation could still have been avoided, as a sentence.
std::string decisive_moment(const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
