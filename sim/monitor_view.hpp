// What monitors are shown of a step: one definition for worlds on tables and for live processes.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>

#include "sim/monitor.hpp"
#include "sim/who.hpp"

namespace lockstorm::sim {

/// A world as monitors see it.
/// - `flags(slot)`: of a process that is alive or paused; 0 for the others
/// - `holders(service)`: who holds the lock by the service's record
/// - `monitor(slot)`, `set_monitor(slot, bits)`: what monitors remember
template <class W>
concept MonitoredWorld =
    requires(W& world, const W& seen, Slot slot, std::size_t service, std::uint8_t bits) {
      { seen.processes() } -> std::convertible_to<std::size_t>;
      { seen.services() } -> std::convertible_to<std::size_t>;
      { seen.flags(slot) } -> std::convertible_to<std::uint16_t>;
      { seen.holders(service) } -> std::convertible_to<SlotSet>;
      { seen.monitor(slot) } -> std::convertible_to<std::uint8_t>;
      world.set_monitor(slot, bits);
    };

/// What a step has done to the process that took it.
struct ProcessChange {
  std::uint16_t flags_before = 0;
  std::uint16_t flags_after = 0;
  bool died = false;   ///< by the step: what it believed is nobody's belief any more
  Tags delivered = 0;  ///< of the effect whose answer has arrived
};

/// Shows monitors the world they ask for, and keeps what they remember.
template <MonitoredWorld W>
class MonitorView {
 public:
  MonitorView(const AnyMonitor& monitor, W& world)
      : monitor_(monitor), world_(world), processes_(static_cast<Slot>(world.processes())) {}

  /// An effect of that process's request, with the services as they were before it.
  Violations effect(Slot slot, Tags tags) {
    if ((tags & monitor_.watched().effect_tags) == 0) return 0;
    gather_flags();
    EffectEvent event{slot, tags, kEverybody, {flags_.data(), processes_}};
    for (std::size_t s = 0; s < world_.services(); ++s) event.holders &= world_.holders(s);
    load_bits();
    const Violations violated = monitor_.on_effect(std::span(bits_.data(), processes_), event);
    store_bits();
    return violated;
  }

  /// A step of the process itself: its flags first, then what it has been told. The others' flags are as they
  /// are, its own as they were.
  Violations change(Slot slot, const ProcessChange& change) {
    Violations violated = 0;
    if (((change.flags_before ^ change.flags_after) & monitor_.watched().flags) != 0 && !change.died) {
      gather_flags();
      flags_[slot] = change.flags_before;
      violated = monitor_.on_flags(slot, change.flags_before, change.flags_after,
                                   std::span<const std::uint16_t>(flags_.data(), processes_));
    }
    if ((change.delivered & monitor_.watched().delivery_tags) != 0) {
      load_bits();
      violated = static_cast<Violations>(
          violated | monitor_.on_delivered(std::span(bits_.data(), processes_), slot, change.delivered));
      store_bits();
    }
    return violated;
  }

 private:
  void gather_flags() {
    for (Slot slot = 0; slot < processes_; ++slot) flags_[slot] = world_.flags(slot);
  }
  void load_bits() {
    for (Slot slot = 0; slot < processes_; ++slot) bits_[slot] = world_.monitor(slot);
  }
  void store_bits() {
    for (Slot slot = 0; slot < processes_; ++slot) world_.set_monitor(slot, bits_[slot]);
  }

  const AnyMonitor& monitor_;
  W& world_;
  Slot processes_;
  std::array<std::uint16_t, kMaxProcesses> flags_;  // gathered only when a monitor has to see them
  std::array<std::uint8_t, kMaxProcesses> bits_;
};

}  // namespace lockstorm::sim
