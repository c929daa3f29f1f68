// Finds lost updates, forks, stale reads and write skew in a history of versions, in linear time.
#pragma once

#include <cstddef>
#include <vector>

#include "checkers/history/finding.hpp"
#include "checkers/versions/version_history.hpp"

namespace lockstorm::checkers {

/// One finding for each kind of anomaly, with the proof of its first occurrence and how often it occurs.
/// Nothing found means: the acknowledged operations could have happened one after another, in an order that
/// respects their times, as far as the order of versions is known: by what they replaced, or else by their
/// serials (an append that nobody read could be anywhere). `initial`: what each state was before the history.
[[nodiscard]] std::vector<Finding> check_versions(const VersionHistory& history,
                                                  const InitialPart& initial = {});

/// What the history and its check take at most, when every operation is a suspect.
[[nodiscard]] std::size_t bytes_to_check(const VersionHistory& history);

}  // namespace lockstorm::checkers
