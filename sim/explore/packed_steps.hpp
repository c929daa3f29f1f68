// Every step from a packed state: the inner loop of every search (see packed_world.hpp).
#pragma once

#include "sim/explore/packed_world.hpp"

namespace lockstorm::sim {

template <int W>
[[gnu::always_inline]] inline bool PackedWorld<W>::take_quick_move(const StateKey& key, StateKey& base,
                                                                   Slot slot, const QuickMove& quick) const {
  LocalId local = 0;
  ServiceStateId service = layout_.service_state(key, quick.service);
  if (!tables_.take_quick(quick, slot, local, service)) return false;
  layout_.set_local(base, slot, local);
  layout_.set_service(base, quick.service, service);
  return true;
}

template <int W>
template <class Emit>
inline void PackedWorld<W>::process_steps(const StateKey& key, Slot slot, LocalId local, bool own_only,
                                          Emit& emit) {
  const std::uint32_t first = tables_.info(local).first_move;
  const std::uint16_t count = tables_.info(local).move_count;
  for (std::uint16_t i = 0; i < count; ++i) {
    const QuickMove& quick = tables_.quick(first + i);
    StateKey base = key;
    if (quick.fault != kNoFault) {
      if (own_only) continue;
      const Field& field = layout_.budget[quick.fault];
      const std::uint64_t left = field.get(key);
      if (left == 0) continue;
      field.set(base, left - 1);
    }
    if (take_quick_move(key, base, slot, quick)) {
      emit(base, slot, i, 0U, quick.fault, Violations{0});
      continue;
    }
    take_any_move(base, slot, local, i, quick.fault, emit);
  }
}

template <int W>
template <class Emit>
void PackedWorld<W>::take_any_move(StateKey base, Slot slot, LocalId local, std::uint16_t i,
                                   std::uint8_t fault, Emit& emit) {
  unsigned alternatives = 1;
  for (unsigned alternative = 0; alternative < alternatives; ++alternative) {
    StateKey next = base;
    const TakenMove taken = take_move(tables_, monitor_, KeyView{layout_, next}, slot, local, i, alternative);
    alternatives = taken.alternatives;
    emit(next, slot, i, alternative, fault, taken.violations);
  }
}

template <int W>
template <class Emit>
void PackedWorld<W>::for_each_step(const StateKey& key, bool reduced, Emit&& emit) {
  const auto processes = static_cast<Slot>(layout_.process.size());
  if (reduced) {
    for (Slot slot = 0; slot < processes; ++slot) {
      const LocalId local = layout_.local(key, slot);
      if (tables_.ample(local, monitor_.watched().delivery_tags)) {
        process_steps(key, slot, local, true, emit);
        return;
      }
    }
  }
  for (Slot slot = 0; slot < processes; ++slot)
    process_steps(key, slot, layout_.local(key, slot), false, emit);
  StateKey next = key;
  if (time_may_pass(tables_, KeyView{layout_, next})) {
    pass_time(tables_, KeyView{layout_, next});
    layout_.clock.set(next, layout_.clock.get(key) + 1);
    emit(next, processes, std::uint16_t{0}, 0U, kNoFault, Violations{0});
  }
}

}  // namespace lockstorm::sim
