// Serials where the versions themselves do not tell their order: they rise, and each names one version; and
// there is one lineage.
#pragma once

#include <vector>

#include "checkers/history/finding.hpp"
#include "checkers/versions/initial_versions.hpp"
#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {

/// Adds what it finds. Versions of which one is known to have come of the other, or both of a third one, are
/// left to the checks of the tree.
void check_serials(const VersionHistory& history, const VersionTree& tree, const InitialVersions& initial,
                   std::vector<Finding>& findings);

}  // namespace lockstorm::checkers
