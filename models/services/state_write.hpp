// What a service tells the monitors about a state file it has just replaced.
#pragma once

#include "checkers/tags.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// How a new state relates to the one it replaces. 2.4.3b writes somebody's state back as it is: as long as
/// it still is the stored one, that is no new state to anybody, and whoever has read it has read the latest.
inline sim::Tags state_write_tags(const StateSnapshot& before, const StateSnapshot& after, sim::Who caller) {
  const bool is_put_back = before.exists() && before == after && after.writer != caller;
  if (is_put_back) return 0;
  unsigned tags = checkers::kWritesState;
  if (before.exists() && before.lineage == after.lineage && before != after) {
    if (after.serial < before.serial) tags |= checkers::kSerialWentBack;
    if (after.serial == before.serial) tags |= checkers::kSameSerialOtherText;
  }
  return static_cast<sim::Tags>(tags);
}

/// Of a request that leaves no state file.
inline sim::Tags state_deletion_tags(const StateSnapshot& before) {
  return before.exists() ? sim::Tags{checkers::kWritesState | checkers::kDeletesState} : sim::Tags{0};
}

}  // namespace lockstorm::models
