// What one state's entries say of its lock: who took it, who let it go, and what was written meanwhile.
#pragma once

#include <vector>

#include "checkers/logs/logged_history.hpp"
#include "checkers/logs/weave_events.hpp"

namespace lockstorm::checkers::logs {

/// `entries` are of one state, by the moment from which they may have happened. Fills in the lock's part.
void weave_locks(const std::vector<Numbered>& entries, LoggedState& state);

}  // namespace lockstorm::checkers::logs
