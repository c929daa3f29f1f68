// What a service tells the monitors about a state file it has just replaced.
#pragma once

#include "checkers/tags.hpp"
#include "models/terraform/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// How a new state relates to the one it replaces.
inline sim::Tags state_write_tags(const StateSnapshot& before, const StateSnapshot& after) {
  unsigned tags = checkers::kWritesState;
  if (before.exists() && before.lineage == after.lineage && before != after) {
    if (after.serial < before.serial) tags |= checkers::kSerialWentBack;
    if (after.serial == before.serial) tags |= checkers::kSameSerialOtherText;
  }
  return static_cast<sim::Tags>(tags);
}

}  // namespace lockstorm::models
