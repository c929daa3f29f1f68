// Implementation of the packed world; see packed_world.hpp.
#pragma once

namespace lockstorm::sim {

template <int W, Monitor M>
auto PackedWorld<W, M>::initial() -> StateKey {
  StateKey key;
  const WorldSpec& spec = tables_.spec();
  const std::vector<std::uint8_t> classes = spec.class_of_slot();
  for (Slot slot = 0; slot < classes.size(); ++slot)
    layout_.set_local(key, slot, tables_.initial_local(classes[slot]));
  for (std::size_t s = 0; s < spec.services.size(); ++s)
    layout_.set_service(key, s, tables_.initial_service(s));
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (spec.budget.count[kind] > 0) layout_.budget[kind].set(key, spec.budget.count[kind]);
  }
  return key;
}

// Moves with a known outcome that no monitor or service has to be told of need two table look-ups.
template <int W, Monitor M>
inline bool PackedWorld<W, M>::quick_step(const StateKey& key, StateKey& base, Slot slot,
                                          const QuickMove& quick) const {
  LocalId local = 0;
  ServiceStateId service = layout_.service_state(key, quick.service);
  if (!tables_.take_quick(quick, slot, local, service)) return false;
  layout_.set_local(base, slot, local);
  layout_.set_service(base, quick.service, service);
  return true;
}

// The inner loop of every search.
template <int W, Monitor M>
template <class Emit>
inline void PackedWorld<W, M>::process_steps(const StateKey& key, Slot slot, LocalId local, bool own_only,
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
    if (quick_step(key, base, slot, quick)) {
      emit(base, slot, i, 0U, quick.fault, Violations{0});
      continue;
    }
    told_step(base, slot, local, i, quick.fault, emit);
  }
}

// A move whose outcome may be new, or that a monitor or service has to be told of. `base` is the state with
// the fault paid for.
template <int W, Monitor M>
template <class Emit>
void PackedWorld<W, M>::told_step(StateKey base, Slot slot, LocalId local, std::uint16_t i,
                                  std::uint8_t fault, Emit& emit) {
  unsigned alternatives = 1;
  for (unsigned alternative = 0; alternative < alternatives; ++alternative) {
    StateKey next = base;
    const TakenMove taken = take_move(tables_, monitor_, KeyView{layout_, next}, slot, local, i, alternative);
    alternatives = taken.alternatives;
    emit(next, slot, i, alternative, fault, taken.violations);
  }
}

template <int W, Monitor M>
template <class Emit>
void PackedWorld<W, M>::for_each_step(const StateKey& key, bool reduced, Emit&& emit) {
  const auto processes = static_cast<Slot>(layout_.process.size());
  if (reduced) {
    for (Slot slot = 0; slot < processes; ++slot) {
      const LocalId local = layout_.local(key, slot);
      if (tables_.ample(local, M::kDeliveryTags)) {
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

template <int W, Monitor M>
EndState PackedWorld<W, M>::end_state(const StateKey& key) {
  EndState end;
  for (std::size_t s = 0; s < layout_.service.size(); ++s) {
    end.services.push_back(tables_.service_value(s, layout_.service_state(key, s)));
  }
  for (Slot slot = 0; slot < layout_.process.size(); ++slot)
    end.processes.push_back(tables_.end_of(layout_.local(key, slot)));
  return end;
}

template <int W, Monitor M>
unsigned PackedWorld<W, M>::adverse_events(const StateKey& key) const {
  StateKey seen = key;
  unsigned events = events_beside_faults<M>(tables_, KeyView{layout_, seen});
  const FaultBudget& budget = tables_.spec().budget;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (budget.count[kind] > 0)
      events += budget.count[kind] - static_cast<unsigned>(layout_.budget[kind].get(key));
  }
  return events;
}

template <int W, Monitor M>
Spent PackedWorld<W, M>::spent(const StateKey& key) const {
  StateKey seen = key;
  const FaultBudget& budget = tables_.spec().budget;
  const SpentPlaces places(tables_.spec());
  Spent spent = places.nothing();
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    const std::uint8_t most = budget.count[kind];
    if (most > 0) spent[places.fault(kind)] = static_cast<std::uint8_t>(most - layout_.budget[kind].get(key));
  }
  for_each_event_beside_faults<M>(
      tables_, KeyView{layout_, seen},
      [&](std::uint8_t process_class) { ++spent[places.intervention(process_class)]; },
      [&](std::size_t service, unsigned number) {
        spent[places.counted(service)] = static_cast<std::uint8_t>(number);
      });
  return spent;
}

template <int W, Monitor M>
bool PackedWorld<W, M>::is_out_of_time(const StateKey& key) const {
  const std::uint8_t ticks = tables_.spec().time.ticks;
  if (ticks == 0 || layout_.clock.get(key) != ticks) return false;
  for (Slot slot = 0; slot < layout_.process.size(); ++slot) {
    if (tables_.info(layout_.local(key, slot)).waits_for_time) return true;
  }
  return false;
}

}  // namespace lockstorm::sim
