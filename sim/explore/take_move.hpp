// Takes one move of a process in a world of interned states: where tables, monitors and the
// hooks of services meet, whatever form the state has. `simulator.cpp` does the same to live processes, with
// the same eyes of monitors (`monitor_view.hpp`); `EnginesAgree`, `SecondOpinion` and every replay hold the
// two together.
#pragma once

#include <concepts>
#include <cstdint>

#include "sim/explore/state_tables.hpp"
#include "sim/monitor_view.hpp"

namespace lockstorm::sim {

/// A world state as a move sees it: interned local states, monitor bits, interned service states, the clock.
template <class V>
concept WorldView = requires(V view, const V& seen, Slot slot, std::size_t service, std::uint8_t bits) {
  { seen.processes() } -> std::convertible_to<std::size_t>;
  { seen.services() } -> std::convertible_to<std::size_t>;
  { seen.local(slot) } -> std::convertible_to<LocalId>;
  { seen.monitor(slot) } -> std::convertible_to<std::uint8_t>;
  { seen.service(service) } -> std::convertible_to<ServiceStateId>;
  { seen.clock() } -> std::convertible_to<std::uint32_t>;
  view.set_local(slot, LocalId{});
  view.set_monitor(slot, bits);
  view.set_service(service, ServiceStateId{});
};

/// The same as monitors see it.
template <WorldView View>
struct MonitoredTables {
  const StateTables& tables;
  View& world;

  [[nodiscard]] std::size_t processes() const { return world.processes(); }
  [[nodiscard]] std::size_t services() const { return world.services(); }
  [[nodiscard]] std::uint16_t flags(Slot slot) const {
    const LocalInfo& info = tables.info(world.local(slot));
    const bool live = info.status == ProcessStatus::alive || info.status == ProcessStatus::paused;
    return live ? info.flags : std::uint16_t{0};
  }
  [[nodiscard]] SlotSet holders(std::size_t s) const { return tables.holders(s, world.service(s)); }
  [[nodiscard]] std::uint8_t monitor(Slot slot) const { return world.monitor(slot); }
  void set_monitor(Slot slot, std::uint8_t bits) { world.set_monitor(slot, bits); }
};

struct TakenMove {
  Violations violations = 0;
  std::uint8_t alternatives = 1;  ///< how many ways the move could have gone
};

/// Move `i` of the process, which is in state `local`, goes its way number `alternative`; the fault it may
/// need is the caller's to pay for.
template <WorldView View>
[[gnu::noinline]] TakenMove take_move(StateTables& tables, const AnyMonitor& monitor, View world, Slot slot,
                                      LocalId local, std::uint16_t i, unsigned alternative) {
  MonitoredTables<View> monitored{tables, world};
  MonitorView view(monitor, monitored);
  const MoveInfo entry = tables.move(local, i);  // a copy: looking up outcomes may add moves
  TakenMove taken;
  if (entry.type == MoveInfo::Type::effect) {
    const std::size_t service = entry.move.service;
    const ServiceStateId state = world.service(service);
    const EffectInfo effect = tables.effect(entry.request, slot, state, alternative);
    taken.alternatives = effect.alternatives;
    if (entry.move.is_dropped()) {
      world.set_local(slot, tables.after_effect(local, i, effect));
      return taken;
    }
    taken.violations = view.effect(slot, effect.tags);
    world.set_local(slot, tables.after_effect(local, i, effect));
    const bool cut = cuts_connection(entry.move.kind) && tables.has_connections(service);
    world.set_service(service,
                      cut ? tables.after_hook(service, effect.next, slot, MoveInfo::Hook::cut) : effect.next);
    return taken;
  }

  const bool reads_clock = entry.type == MoveInfo::Type::clock;
  const LocalId target =
      reads_clock ? tables.after_clock(local, i, world.clock()) : tables.after_local(local, i);
  world.set_local(slot, target);
  const LocalInfo& before = tables.info(local);
  const LocalInfo& after = tables.info(target);
  taken.violations =
      view.change(slot, {before.flags, after.flags, after.status == ProcessStatus::dead, entry.tags});
  // Reading the clock can only end a process; what a local move does is in its entry by now.
  const MoveInfo::Hook hook = reads_clock ? MoveInfo::Hook::ended : tables.move(local, i).hook;
  if (hook == MoveInfo::Hook::cut) {
    const std::size_t s = entry.move.service;
    world.set_service(s, tables.after_hook(s, world.service(s), slot, MoveInfo::Hook::cut));
  } else if (before.status != after.status) {
    for (std::size_t s = 0; s < world.services(); ++s) {
      if (tables.has_hooks(s)) world.set_service(s, tables.after_hook(s, world.service(s), slot, hook));
    }
  }
  return taken;
}

/// The adverse events beside those of the fault budget that it has taken to get there:
/// `intervention(process_class)` for each process that has decided to act, and `counted(service, number)` for
/// what each service counts for itself.
template <WorldView View>
void for_each_event_beside_faults(const StateTables& tables, const AnyMonitor& monitor, const View& world,
                                  auto intervention, auto counted) {
  for (Slot slot = 0; slot < world.processes(); ++slot) {
    const LocalInfo& info = tables.info(world.local(slot));
    if ((info.flags & monitor.watched().acts) != 0) intervention(info.process_class);
  }
  for (std::size_t s = 0; s < world.services(); ++s) counted(s, tables.events_spent(s, world.service(s)));
}

/// How many they are.
template <WorldView View>
[[nodiscard]] unsigned events_beside_faults(const StateTables& tables, const AnyMonitor& monitor,
                                            const View& world) {
  unsigned events = 0;
  for_each_event_beside_faults(
      tables, monitor, world, [&](std::uint8_t) { ++events; },
      [&](std::size_t, unsigned number) { events += number; });
  return events;
}

/// Whether time may pass: somebody waits, and nobody has to be served first.
template <WorldView View>
[[nodiscard]] bool time_may_pass(const StateTables& tables, const View& world) {
  const TimeModel& time = tables.spec().time;
  if (time.ticks == 0 || world.clock() >= time.ticks) return false;
  bool waiting = false;
  for (Slot slot = 0; slot < world.processes(); ++slot) {
    const LocalInfo& info = tables.info(world.local(slot));
    if (time.urgent && info.urgent) return false;
    waiting |= info.status == ProcessStatus::alive || info.status == ProcessStatus::paused;
  }
  return waiting;
}

/// One tick for everybody; the clock itself is the caller's.
template <WorldView View>
void pass_time(StateTables& tables, View world) {
  for (Slot slot = 0; slot < world.processes(); ++slot)
    world.set_local(slot, tables.after_tick(world.local(slot)));
  for (std::size_t s = 0; s < world.services(); ++s)
    world.set_service(s, tables.after_service_tick(s, world.service(s)));
}

}  // namespace lockstorm::sim
