// How far checkers of histories go where there is no end of what could be tried. How many states and bytes
// they take in all is in SearchBudget (checkers/linearizability/linearizability.hpp): beyond that a verdict
// is `unknown`. No limit here may decide between held and violated.
#pragma once

#include <cstddef>

namespace lockstorm::checkers::limits {

/// Operations of a strongly connected component from which the shortest circle of dependencies is looked for.
/// That there is one is known before: beyond that the one that is told may not be the shortest.
inline constexpr std::size_t kCircleStarts = 200;

}  // namespace lockstorm::checkers::limits
