// Which operations can lie on a circle of dependencies at all: told in one pass, so that the graph of a long
// history stays small.
#pragma once

#include <cstdint>
#include <vector>

#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {

/// Rising numbers of operations; every circle of dependencies, real time included, runs through these alone.
///
/// Put operations where they were over (those without an answer: where they were invoked). Real time never
/// leads back in that order. A circle does somewhere, so the dependencies that lead back cover all positions
/// between its first and its last operation; what no stretch of such overlapping dependencies covers is on no
/// circle.
[[nodiscard]] std::vector<std::uint32_t> suspects(const VersionHistory& history, const VersionTree& tree);

}  // namespace lockstorm::checkers
