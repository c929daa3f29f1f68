// Implementation of the explorer; see explorer.hpp.
#pragma once

namespace lockstorm::sim {

template <int W, Monitor M>
auto Explorer<W, M>::initial() -> StateKey {
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

template <int W, Monitor M>
template <class Emit>
void Explorer<W, M>::process_steps(const StateKey& key, Slot slot, LocalId local, bool own_only, Emit& emit) {
  const std::size_t processes = layout_.process.size();
  const std::size_t services = layout_.service.size();
  const std::uint16_t count = tables_.info(local).move_count;

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

  for (std::uint16_t i = 0; i < count; ++i) {
    const std::uint8_t fault = tables_.move(local, i).move.fault;
    StateKey base = key;
    if (fault != kNoFault) {
      if (own_only) continue;
      const Field& field = layout_.budget[fault];
      const std::uint64_t left = field.get(key);
      if (left == 0) continue;
      field.set(base, left - 1);
    }
    const MoveInfo entry = tables_.move(local, i);  // a copy: looking up outcomes may add moves
    switch (entry.type) {
      case MoveInfo::Type::local:
      case MoveInfo::Type::clock: {
        const LocalId target = entry.type == MoveInfo::Type::local
                                   ? tables_.after_local(local, i)
                                   : tables_.after_clock(local, i, entry.receive_row,
                                                         static_cast<std::uint32_t>(layout_.clock.get(key)));
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
        if (before.status != after.status) [[unlikely]] {
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
        EffectInfo effect = tables_.effect(service, entry.request_row, slot, state, 0);
        const unsigned alternatives = effect.alternatives;
        for (unsigned alternative = 0; alternative < alternatives; ++alternative) {
          if (alternative > 0) [[unlikely]]
            effect = tables_.effect(service, entry.request_row, slot, state, alternative);
          StateKey next = base;
          layout_.set_local(next, slot,
                            tables_.after_effect(local, i, entry.receive_row, effect.response, effect.tags));
          layout_.set_service(next, service, effect.next);
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
}

template <int W, Monitor M>
template <class Emit>
void Explorer<W, M>::for_each_step(const StateKey& key, bool reduced, Emit&& emit) {
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
EndState Explorer<W, M>::end_state(const StateKey& key) {
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

template <int W, Monitor M>
void Explorer<W, M>::check_end(std::uint32_t number, const StateKey& key) {
  ++result_.end_states;
  EndState end = end_state(key);
  const auto known = ends_.find(end);
  Violations violations = 0;
  if (known != ends_.end()) {
    violations = known->second;
  } else {
    if (end_check_) violations = end_check_(tables_.values(), end);
    ends_.emplace(std::move(end), violations);
  }
  note(violations, {number, 0, true});
}

template <int W, Monitor M>
void Explorer<W, M>::expand(std::uint32_t number) {
  const StateKey key = set_[number];
  std::uint32_t step = 0;
  for_each_step(
      key, options_.reduction,
      [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t fault, Violations violations) {
        if (fault != kNoFault) ++result_.fired[fault];
        if (violations != 0) note(violations, {number, step, false});
        batch_.push_back({next, 0, number});
        ++step;
      });
  if (step == 0) check_end(number, key);
}

template <int W, Monitor M>
ExploreResult Explorer<W, M>::run() {
  const StateKey start = canonical(initial());
  set_.insert(start, hash_key(start));
  parents_.push_back(0);
  std::size_t head = 0;
  std::size_t level_end = 1;
  result_.complete = true;
  while (head < set_.size() && (result_.violated & options_.stop_at) == 0) {
    if (head == level_end) {
      level_end = set_.size();
      ++result_.depth;
    }
    const std::size_t batch_end = std::min(head + kBatch, level_end);
    batch_.clear();
    for (; head < batch_end; ++head) expand(static_cast<std::uint32_t>(head));
    for (Successor& successor : batch_) {
      successor.key = canonical(successor.key);
      successor.hash = hash_key(successor.key);
      set_.prefetch(successor.hash);
    }
    for (const Successor& successor : batch_) set_.prefetch_state(successor.hash);
    result_.transitions += batch_.size();
    for (const Successor& successor : batch_) {
      if (set_.full()) break;
      if (set_.insert(successor.key, successor.hash).second) parents_.push_back(successor.parent);
    }
    result_.memory_bytes = set_.memory_bytes() + parents_.size() * sizeof(std::uint32_t);
    if (set_.full() || result_.memory_bytes > options_.max_bytes) {
      result_.complete = false;
      result_.why_incomplete = "the state space is larger than the memory bound of " +
                               std::to_string(options_.max_bytes >> 20U) + " MiB (" +
                               std::to_string(set_.size()) + " states visited)";
      break;
    }
  }
  if (head < set_.size() && result_.why_incomplete.empty()) {
    result_.complete = false;
    result_.why_incomplete = "stopped at the first violation asked for";
  }
  tables_.check_promises();
  result_.states = set_.size();
  if (result_.complete && options_.hang_property != kUnknown) find_hang();
  return result_;
}

// A state hangs when no run without further faults finishes from it. Exact, on the stored states: edges are
// found again, then swept backwards until nothing changes (explorer.md 5c).
template <int W, Monitor M>
void Explorer<W, M>::find_hang() {
  const std::size_t count = set_.size();
  std::vector<std::uint64_t> first(count + 1);
  std::vector<std::uint32_t> target;
  std::vector<bool> finishes(count);
  std::vector<StateKey> batch;
  for (std::size_t number = 0; number < count; ++number) {
    first[number] = target.size();
    bool is_end = true;
    batch.clear();
    for_each_step(set_[number], options_.reduction,
                  [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t fault, Violations) {
                    is_end = false;
                    if (fault == kNoFault) batch.push_back(next);
                  });
    // When time has run out nobody can be blamed for waiting.
    const std::uint8_t ticks = tables_.spec().time.ticks;
    const bool out_of_time = ticks > 0 && batch.empty() && layout_.clock.get(set_[number]) == ticks;
    finishes[number] = is_end || out_of_time;
    for (const StateKey& next : batch) target.push_back(set_.find(canonical(next)));
  }
  first[count] = target.size();
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t number = count; number-- > 0;) {
      if (finishes[number]) continue;
      const auto begin = target.begin() + static_cast<std::ptrdiff_t>(first[number]);
      const auto end = target.begin() + static_cast<std::ptrdiff_t>(first[number + 1]);
      if (std::any_of(begin, end, [&](std::uint32_t next) { return finishes[next]; }))
        finishes[number] = changed = true;
    }
  }
  for (std::size_t number = 0; number < count; ++number) {
    if (!finishes[number]) {
      note(static_cast<Violations>(1U << options_.hang_property),
           {static_cast<std::uint32_t>(number), 0, true});
      return;
    }
  }
}

template <int W, Monitor M>
Schedule Explorer<W, M>::schedule_to(const Finding& finding) {
  std::vector<std::uint32_t> path;
  for (std::uint32_t number = finding.state; number != 0; number = parents_[number]) path.push_back(number);
  std::ranges::reverse(path);

  // Stored states are canonical; walk the same path again without renaming anybody.
  Schedule schedule;
  StateKey raw = initial();
  const auto take = [&](auto&& wanted) {
    StepChoice choice;
    StateKey taken = raw;
    bool found = false;
    for_each_step(
        raw, false,
        [&](const StateKey& next, Slot slot, std::uint16_t, unsigned, std::uint8_t, Violations violations) {
          if (!found && wanted(next, slot, violations)) {
            found = true;
            taken = next;
            choice.index = choice.bound;
          }
          ++choice.bound;
        });
    assert(found && "the path cannot be walked again");
    schedule.push_back(choice);
    raw = taken;
  };
  for (const std::uint32_t number : path) {
    take([&](const StateKey& next, Slot, Violations) { return canonical(next) == set_[number]; });
  }
  if (!finding.at_end) {
    // The violating step itself: find it among the canonical state's steps, then the same one here.
    Violations wanted = 0;
    StateKey target{};
    std::uint32_t step = 0;
    for_each_step(
        set_[finding.state], options_.reduction,
        [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations violations) {
          if (step++ == finding.step) {
            wanted = violations;
            target = canonical(next);
          }
        });
    take([&](const StateKey& next, Slot, Violations violations) {
      return (violations & wanted) == wanted && canonical(next) == target;
    });
  }
  return schedule;
}

}  // namespace lockstorm::sim
