// Two clients, A and B, under every name that a service may know them by, and states that they write.
#pragma once

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/who.hpp"

namespace lockstorm::models {

inline constexpr sim::Slot kSlotA = 0;
inline constexpr sim::Slot kSlotB = 1;
inline constexpr sim::Who kWhoA = sim::Who::process(kSlotA);
inline constexpr sim::Who kWhoB = sim::Who::process(kSlotB);
inline constexpr LockId kIdA{kWhoA, 0};
inline constexpr LockId kIdB{kWhoB, 0};
inline constexpr LockInfo kInfoA{kIdA, LockOperation::apply};
inline constexpr LockInfo kInfoB{kIdB, LockOperation::apply};

/// A state of which only the serial matters.
inline StateSnapshot version(std::uint8_t serial) {
  StateSnapshot state;
  state.serial = serial;
  return state;
}

inline StateSnapshot state_of(sim::Slot writer, std::uint8_t serial) {
  StateSnapshot state;
  state.lineage = sim::Who::predecessor();
  state.writer = sim::Who::process(writer);
  state.serial = serial;
  return state;
}

}  // namespace lockstorm::models
