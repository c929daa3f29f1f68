// What monitors are told about a write of the state file.
#pragma once

#include "checkers/tags.hpp"
#include "models/terraform/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// How a new state file relates to the complete one it replaces.
inline sim::Tags write_tags(const StateSnapshot& before, const StateSnapshot& after) {
  unsigned tags = checkers::kWritesState;
  if (before.exists() && before.lineage == after.lineage && before != after) {
    if (after.serial < before.serial) tags |= checkers::kSerialWentBack;
    if (after.serial == before.serial) tags |= checkers::kSameSerialOtherText;
  }
  return static_cast<sim::Tags>(tags);
}

}  // namespace lockstorm::models
