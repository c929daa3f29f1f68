// What one state's entries say of its versions: which write replaced which, as far as that is certain.
#pragma once

#include <vector>

#include "checkers/logs/logged_history.hpp"
#include "checkers/logs/weave_events.hpp"

namespace lockstorm::checkers::logs {

/// `entries` are of one state, by the moment from which they may have happened. Fills in the versions' part.
void weave_versions(const std::vector<Numbered>& entries, LoggedState& state);

}  // namespace lockstorm::checkers::logs
