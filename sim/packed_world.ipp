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
    told_step(key, base, slot, local, i, emit);
  }
}

// A move whose outcome may be new, or that a monitor or service has to be told of. `base` is the state with
// the fault paid for.
template <int W, Monitor M>
template <class Emit>
[[gnu::noinline]] void PackedWorld<W, M>::told_step(const StateKey& key, StateKey base, Slot slot,
                                                    LocalId local, std::uint16_t i, Emit& emit) {
  const std::size_t processes = layout_.process.size();
  const std::size_t services = layout_.service.size();

  // Flags of live processes, gathered only when a monitor has to see them.
  std::array<std::uint16_t, 64> flags;
  const auto gather_flags = [&] {
    for (Slot other = 0; other < processes; ++other) {
      const LocalInfo& info = tables_.info(layout_.local(key, other));
      const bool live = info.status == ProcessStatus::alive || info.status == ProcessStatus::paused;
      flags[other] = live ? info.flags : std::uint16_t{0};
    }
    return std::span<const std::uint16_t>(flags.data(), processes);
  };
  std::array<std::uint8_t, 64> bits;
  const auto load_bits = [&] {
    for (Slot other = 0; other < processes; ++other) bits[other] = layout_.monitor(key, other);
    return std::span<std::uint8_t>(bits.data(), processes);
  };
  const auto store_bits = [&](StateKey& next) {
    for (Slot other = 0; other < processes; ++other) layout_.set_monitor(next, other, bits[other]);
  };

  const MoveInfo entry = tables_.move(local, i);  // a copy: looking up outcomes may add moves
  const std::uint8_t fault = entry.move.fault;
  switch (entry.type) {
    case MoveInfo::Type::local:
    case MoveInfo::Type::clock: {
      const LocalId target =
          entry.type == MoveInfo::Type::local
              ? tables_.after_local(local, i)
              : tables_.after_clock(local, i, static_cast<std::uint32_t>(layout_.clock.get(key)));
      layout_.set_local(base, slot, target);
      Violations violations = 0;
      const LocalInfo& before = tables_.info(local);
      const LocalInfo& after = tables_.info(target);
      if (((before.flags ^ after.flags) & M::kFlags) != 0 && after.status != ProcessStatus::dead) {
        violations = static_cast<Violations>(
            violations | monitor_.on_flags(slot, before.flags, after.flags, gather_flags()));
      }
      if ((entry.tags & M::kDeliveryTags) != 0) {
        violations =
            static_cast<Violations>(violations | monitor_.on_delivered(load_bits(), slot, entry.tags));
        store_bits(base);
      }
      if (tables_.move(local, i).hook == MoveInfo::Hook::cut) {
        const std::size_t s = entry.move.service;
        layout_.set_service(base, s,
                            tables_.after_hook(s, layout_.service_state(base, s), slot, MoveInfo::Hook::cut));
      } else if (before.status != after.status) {
        // Reading the clock can only end a process; what a local move does is in its entry by now.
        const MoveInfo::Hook hook =
            entry.type == MoveInfo::Type::clock ? MoveInfo::Hook::ended : tables_.move(local, i).hook;
        for (std::size_t s = 0; s < services; ++s) {
          if (!tables_.has_hooks(s)) continue;
          layout_.set_service(base, s, tables_.after_hook(s, layout_.service_state(base, s), slot, hook));
        }
      }
      emit(base, slot, i, 0U, fault, violations);
      break;
    }
    case MoveInfo::Type::effect: {
      const std::size_t service = entry.move.service;
      const ServiceStateId state = layout_.service_state(key, service);
      EffectInfo effect = tables_.effect(entry.request, slot, state, 0);
      const unsigned alternatives = effect.alternatives;
      for (unsigned alternative = 0; alternative < alternatives; ++alternative) {
        if (alternative > 0) effect = tables_.effect(entry.request, slot, state, alternative);
        StateKey next = base;
        layout_.set_local(next, slot, tables_.after_effect(local, i, effect));
        const bool cut = cuts_connection(entry.move.kind) && tables_.has_connections(service);
        layout_.set_service(
            next, service,
            cut ? tables_.after_hook(service, effect.next, slot, MoveInfo::Hook::cut) : effect.next);
        Violations violations = 0;
        if ((effect.tags & M::kEffectTags) != 0) {
          EffectEvent event{slot, effect.tags, ~0U, gather_flags()};
          for (std::size_t s = 0; s < services; ++s)
            event.holders &= tables_.holders(s, layout_.service_state(key, s));
          violations = monitor_.on_effect(load_bits(), event);
          store_bits(next);
        }
        emit(next, slot, i, alternative, fault, violations);
      }
      break;
    }
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
  bool urgent = false;
  for (Slot slot = 0; slot < processes; ++slot) {
    const LocalId local = layout_.local(key, slot);
    urgent |= tables_.info(local).urgent;
    process_steps(key, slot, local, false, emit);
  }
  const TimeModel& time = tables_.spec().time;
  if (time.ticks > 0 && layout_.clock.get(key) < time.ticks && !(time.urgent && urgent)) {
    bool waiting = false;
    StateKey next = key;
    layout_.clock.set(next, layout_.clock.get(key) + 1);
    for (Slot slot = 0; slot < processes; ++slot) {
      const LocalId local = layout_.local(key, slot);
      const ProcessStatus status = tables_.info(local).status;
      waiting |= status == ProcessStatus::alive || status == ProcessStatus::paused;
      layout_.set_local(next, slot, tables_.after_tick(local));
    }
    for (std::size_t s = 0; s < layout_.service.size(); ++s) {
      layout_.set_service(next, s, tables_.after_service_tick(s, layout_.service_state(key, s)));
    }
    if (waiting) emit(next, processes, std::uint16_t{0}, 0U, kNoFault, Violations{0});
  }
}

template <int W, Monitor M>
EndState PackedWorld<W, M>::end_state(const StateKey& key) {
  EndState end;
  for (std::size_t s = 0; s < layout_.service.size(); ++s) {
    end.services.push_back(tables_.service_value(s, layout_.service_state(key, s)));
  }
  for (Slot slot = 0; slot < layout_.process.size(); ++slot) {
    const LocalId id = layout_.local(key, slot);
    const LocalInfo& info = tables_.info(id);
    EndState::Process process{info.status, 0, 0};
    if (info.status == ProcessStatus::ended) {
      process.flags = info.flags;
      process.outcome = tables_.automaton(info.process_class).node(tables_.local(id).node).outcome;
    } else if (info.status != ProcessStatus::dead) {
      end.out_of_time |= tables_.spec().time.ticks > 0;
    }
    end.processes.push_back(process);
  }
  return end;
}

}  // namespace lockstorm::sim
