// A way out that is itself cut off half way: everything that it may leave then, as places in which it begins
// once more.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/advice/recovery.hpp"

namespace lockstorm::scenarios {

/// Whether the one records every object that the other does.
bool records_all_of(const models::StateSnapshot& record, const models::StateSnapshot& other);

/// Who follows the runbook in this world dies at any one moment. Once nothing of that is on its way any more,
/// the same is done again: a lock that is left is removed, a digest that differs is set, and the remedy
/// repeated. A world for each different thing that is left and with which there is something to do. Nothing
/// where they could not all be found.
std::optional<std::vector<RecoveryWorld>> worlds_after_cut_off(const RecoveryWorld& world);

}  // namespace lockstorm::scenarios
