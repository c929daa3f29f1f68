// Which steps of a counterexample its reader needs.
#pragma once

#include "scenarios/story/counterexample.hpp"

namespace lockstorm::scenarios {

/// Of the calls that took effect, leaves those relevant that touch what the violation is about, that carry a
/// belief which leads to it (who has the lock, which state was read), or after which something adverse hits
/// their actor; and makes the sending relevant of those that take effect late.
void choose_relevant(Counterexample& counterexample);

}  // namespace lockstorm::scenarios
