// Which operation must have come before which, and a shortest circle of such reasons: Elle's way to a proof.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkers/versions/dependencies.hpp"
#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {

/// A circle of dependencies; the last one leads back to the first operation. Without a circle: nothing. Two
/// updates of one version (a lost update, which is found elsewhere) are not taken to depend on each other.
/// Linear in the history but for the choice of a short circle, which looks at a bounded number of candidates.
[[nodiscard]] std::optional<std::vector<Dependency>> find_circle(const VersionHistory& history,
                                                                 const VersionTree& tree,
                                                                 bool with_real_time);

/// "T1 came before T2 because ..." for each, after "Let T1 be ...".
[[nodiscard]] std::string prove_circle(const VersionHistory& history, const std::vector<Dependency>& circle);

}  // namespace lockstorm::checkers
