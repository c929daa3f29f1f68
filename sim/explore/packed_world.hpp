// A world whose states are packed into a few words: its first state, and every step from a state.
#pragma once

#include <algorithm>
#include <array>

#include "sim/explore/state_layout.hpp"
#include "sim/explore/state_set.hpp"
#include "sim/explore/state_tables.hpp"
#include "sim/explore/survey.hpp"
#include "sim/explore/take_move.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {

/// W: words a state is packed into. Steps look up, and extend, the tables of one thread. Who takes steps
/// includes `packed_steps.hpp`.
template <int W>
class PackedWorld {
 public:
  using StateKey = Key<W>;

  /// `symmetry`: states that differ only by which equal client is where have one canonical form.
  PackedWorld(StateTables& tables, const AnyMonitor& monitor, bool symmetry)
      : tables_(tables),
        monitor_(monitor),
        layout_(tables.spec(), monitor.bits(), W, tables.sizes()),
        symmetry_(tables, layout_, symmetry) {
    tables_.watch(monitor.watched());
  }

  [[nodiscard]] const StateLayout& layout() const { return layout_; }
  StateKey initial();
  StateKey canonical(const StateKey& key) { return symmetry_.canonical(key); }
  /// Whether equal clients can swap places so that one becomes the other; slow.
  bool differ_in_order_only(const StateKey& one, const StateKey& other) {
    return symmetry_.differ_in_order_only(one, other);
  }
  [[nodiscard]] EndState end_state(const StateKey& key);
  /// How many adverse events it has taken to get here: faults, interventions, events of the services' own.
  [[nodiscard]] unsigned adverse_events(const StateKey& key) const;
  /// The same, kind by kind.
  [[nodiscard]] Spent spent(const StateKey& key) const;
  /// Bounded time is over, and somebody would have gone on.
  [[nodiscard]] bool is_out_of_time(const StateKey& key) const;

  /// Calls `emit(next, slot, move, alternative, fault, violations)` for every enabled step in choice order;
  /// the slot after the last process is time. `reduced`: where one process only has steps that nobody else
  /// can notice, only these.
  template <class Emit>
  void for_each_step(const StateKey& key, bool reduced, Emit&& emit);

  /// Takes a move whose outcome is known and concerns no monitor or hook: `base` (`key` with the fault paid
  /// for) becomes the next state. False: nothing happened, and `take_any_move` has to take it.
  bool take_quick_move(const StateKey& key, StateKey& base, Slot slot, const QuickMove& quick) const;

  /// Any move, all its alternatives.
  template <class Emit>
  void take_any_move(StateKey base, Slot slot, LocalId local, std::uint16_t i, std::uint8_t fault,
                     Emit& emit);

 private:
  /// A packed state as moves see it.
  struct KeyView {
    const StateLayout& layout;
    StateKey& key;
    [[nodiscard]] std::size_t processes() const { return layout.process.size(); }
    [[nodiscard]] std::size_t services() const { return layout.service.size(); }
    [[nodiscard]] LocalId local(Slot slot) const { return layout.local(key, slot); }
    [[nodiscard]] std::uint8_t monitor(Slot slot) const { return layout.monitor(key, slot); }
    [[nodiscard]] ServiceStateId service(std::size_t s) const { return layout.service_state(key, s); }
    [[nodiscard]] std::uint32_t clock() const { return static_cast<std::uint32_t>(layout.clock.get(key)); }
    void set_local(Slot slot, LocalId id) { layout.set_local(key, slot, id); }
    void set_monitor(Slot slot, std::uint8_t bits) { layout.set_monitor(key, slot, bits); }
    void set_service(std::size_t s, ServiceStateId id) { layout.set_service(key, s, id); }
  };

  template <class Emit>
  void process_steps(const StateKey& key, Slot slot, LocalId local, bool own_only, Emit& emit);

  StateTables& tables_;
  const AnyMonitor& monitor_;
  StateLayout layout_;
  Symmetry<W> symmetry_;
};

}  // namespace lockstorm::sim
