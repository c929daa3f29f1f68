// Finds lost updates, forks, stale reads and write skew in a history of versions, in linear time.
#pragma once

#include <vector>

#include "checkers/finding.hpp"
#include "checkers/versions/version_history.hpp"

namespace lockstorm::checkers {

/// One finding for each kind of anomaly, with the proof of its first occurrence and how often it occurs.
/// Nothing found means: the acknowledged operations could have happened one after another, in an order that
/// respects their times, as far as the order of versions is known (updates that nobody read and that do not
/// say what they replaced could be anywhere).
[[nodiscard]] std::vector<Finding> check_versions(const VersionHistory& history);

}  // namespace lockstorm::checkers
