// Implementation of the explorer; see explorer.hpp.
#pragma once

namespace lockstorm::sim {

template <int W, Monitor M>
void Explorer<W, M>::check_end(std::uint32_t number, const StateKey& key) {
  ++result_.end_states;
  EndState end = world_.end_state(key);
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
  std::uint32_t faultless = 0;
  world_.for_each_step(
      key, options_.reduction,
      [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t fault, Violations violations) {
        if (fault != kNoFault) ++result_.fired[fault];
        if (violations != 0) note(violations, {number, step, false});
        batch_.push_back({next, 0, number, 0, fault == kNoFault});
        faultless += fault == kNoFault ? 1 : 0;
        ++step;
      });
  if (step == 0) check_end(number, key);
  if (looks_for_hangs()) {
    const std::uint8_t ticks = tables_.spec().time.ticks;
    const bool out_of_time = ticks > 0 && faultless == 0 && world_.layout().clock.get(key) == ticks;
    finishes_.push_back(step == 0 || out_of_time);
    first_edge_.push_back(first_edge_.back() + faultless);
  }
}

// Stores where a step leads; false if there is no room for it.
template <int W, Monitor M>
bool Explorer<W, M>::settle(const Successor& successor) {
  std::uint32_t number = successor.candidate;
  if (!set_.is(number, successor.key)) {
    if (set_.full()) return false;
    bool is_new = false;
    std::tie(number, is_new) = set_.insert(successor.key, successor.hash);
    if (is_new) parents_[number] = successor.parent;
  }
  if (successor.faultless && looks_for_hangs()) edges_.push_back(number);
  return true;
}

template <int W, Monitor M>
ExploreResult Explorer<W, M>::run() {
  const StateKey start = world_.canonical(world_.initial());
  set_.insert(start, hash_key(start));
  if (looks_for_hangs()) first_edge_.push_back(0);
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
      successor.key = world_.canonical(successor.key);
      successor.hash = hash_key(successor.key);
      set_.prefetch(successor.hash);
    }
    for (Successor& successor : batch_) successor.candidate = set_.candidate(successor.hash);
    result_.transitions += batch_.size();
    for (const Successor& successor : batch_) {
      if (!settle(successor)) break;
    }
    result_.memory_bytes = set_.memory_bytes() + set_.size() * sizeof(std::uint32_t) +
                           edges_.size() * sizeof(edges_[0]) + first_edge_.size() * sizeof(first_edge_[0]);
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
  for (std::size_t i = 0; options_.fingerprint && i < set_.size(); ++i)
    result_.fingerprint += hash_key(set_[i]);  // a sum: the order in which they were found does not matter
  if (result_.complete && looks_for_hangs()) find_hang();
  return result_;
}

// A state hangs when no run without further faults finishes from it. Exact, on the stored graph: swept
// backwards until nothing changes (explorer.md 5c).
template <int W, Monitor M>
void Explorer<W, M>::find_hang() {
  const std::size_t count = set_.size();
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t number = count; number-- > 0;) {
      if (finishes_[number]) continue;
      const auto begin = edges_.begin() + static_cast<std::ptrdiff_t>(first_edge_[number]);
      const auto end = edges_.begin() + static_cast<std::ptrdiff_t>(first_edge_[number + 1]);
      if (std::any_of(begin, end, [&](std::uint32_t next) { return finishes_[next]; }))
        finishes_[number] = changed = true;
    }
  }
  const auto hung = std::find(finishes_.begin(), finishes_.end(), false);
  if (hung == finishes_.end()) return;
  note(static_cast<Violations>(1U << options_.hang_property),
       {static_cast<std::uint32_t>(hung - finishes_.begin()), 0, true});
}

template <int W, Monitor M>
Schedule Explorer<W, M>::schedule_to(const Finding& finding) {
  std::vector<std::uint32_t> path;
  for (std::uint32_t number = finding.state; number != 0; number = parents_[number]) path.push_back(number);
  std::ranges::reverse(path);

  // Stored states are canonical; walk the same path again without renaming anybody.
  Schedule schedule;
  StateKey raw = world_.initial();
  const auto take = [&](auto&& wanted) {
    StepChoice choice;
    StateKey taken = raw;
    bool found = false;
    world_.for_each_step(
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
    take([&](const StateKey& next, Slot, Violations) { return world_.canonical(next) == set_[number]; });
  }
  if (!finding.at_end) {
    // The violating step itself: find it among the canonical state's steps, then the same one here.
    Violations wanted = 0;
    StateKey target{};
    std::uint32_t step = 0;
    world_.for_each_step(
        set_[finding.state], options_.reduction,
        [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations violations) {
          if (step++ == finding.step) {
            wanted = violations;
            target = world_.canonical(next);
          }
        });
    take([&](const StateKey& next, Slot, Violations violations) {
      return (violations & wanted) == wanted && world_.canonical(next) == target;
    });
  }
  return schedule;
}

}  // namespace lockstorm::sim
