// How far checkers of histories go where there is no end of what could be tried, and what becomes of a
// verdict beyond. How many states and bytes they take in all is in SearchBudget
// (checkers/linearizability/linearizability.hpp): beyond that a verdict is `unknown`.
#pragma once

#include <cstddef>

namespace lockstorm::checkers::limits {

/// Values that a register, and ids that a lock may have had at the beginning, where the history does not say.
/// Further ones are not tried. Two that must have been there contradict each other, so that mostly nothing is
/// lost; but a lock of which more requests of unknown result name other ids first counts as violated where
/// only a later id explains all.
inline constexpr std::size_t kBeginnings = 16;

/// Operations of a strongly connected component from which the shortest circle of dependencies is looked for.
/// That there is one is known before: beyond that the one that is told may not be the shortest.
inline constexpr std::size_t kCircleStarts = 200;

}  // namespace lockstorm::checkers::limits
