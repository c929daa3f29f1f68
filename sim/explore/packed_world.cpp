#include "sim/explore/packed_world.hpp"

namespace lockstorm::sim {

template <int W>
auto PackedWorld<W>::initial() -> StateKey {
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
// The inner loop of every search.
// A move whose outcome may be new, or that a monitor or service has to be told of. `base` is the state with
// the fault paid for.
template <int W>
EndState PackedWorld<W>::end_state(const StateKey& key) {
  EndState end;
  for (std::size_t s = 0; s < layout_.service.size(); ++s) {
    end.services.push_back(tables_.service_value(s, layout_.service_state(key, s)));
  }
  for (Slot slot = 0; slot < layout_.process.size(); ++slot)
    end.processes.push_back(tables_.end_of(layout_.local(key, slot)));
  return end;
}

template <int W>
unsigned PackedWorld<W>::adverse_events(const StateKey& key) const {
  StateKey seen = key;
  unsigned events = events_beside_faults(tables_, monitor_, KeyView{layout_, seen});
  const FaultBudget& budget = tables_.spec().budget;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (budget.count[kind] > 0)
      events += budget.count[kind] - static_cast<unsigned>(layout_.budget[kind].get(key));
  }
  return events;
}

template <int W>
Spent PackedWorld<W>::spent(const StateKey& key) const {
  StateKey seen = key;
  const FaultBudget& budget = tables_.spec().budget;
  const SpentPlaces places(tables_.spec());
  Spent spent = places.nothing();
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    const std::uint8_t most = budget.count[kind];
    if (most > 0) spent[places.fault(kind)] = static_cast<std::uint8_t>(most - layout_.budget[kind].get(key));
  }
  for_each_event_beside_faults(
      tables_, monitor_, KeyView{layout_, seen},
      [&](std::uint8_t process_class) { ++spent[places.intervention(process_class)]; },
      [&](std::size_t service, unsigned number) {
        spent[places.counted(service)] = static_cast<std::uint8_t>(number);
      });
  return spent;
}

template <int W>
bool PackedWorld<W>::is_out_of_time(const StateKey& key) const {
  const std::uint8_t ticks = tables_.spec().time.ticks;
  if (ticks == 0 || layout_.clock.get(key) != ticks) return false;
  for (Slot slot = 0; slot < layout_.process.size(); ++slot) {
    if (tables_.info(layout_.local(key, slot)).waits_for_time) return true;
  }
  return false;
}

template class PackedWorld<1>;
template class PackedWorld<2>;
template class PackedWorld<4>;

}  // namespace lockstorm::sim
