// Random schedules on the memoised automata: every step is a table look-up, so millions of runs are cheap.
#pragma once

#include <array>
#include <cassert>

#include "sim/packed_world.hpp"
#include "sim/random.hpp"

namespace lockstorm::sim {

/// What one random run came to.
struct WalkResult {
  std::uint64_t steps = 0;
  Violations violations = 0;  ///< of its steps; what the end state violates is the caller's to check
  bool ended = false;         ///< nobody can do anything any more; otherwise `max_steps` were taken
};

/// Uniform random scheduling: each step picks a process that can move, then one of its moves. A fault is
/// picked like any other move for as long as the budget has it. Worlds of free time only.
template <int W, Monitor M>
class RandomWalk {
 public:
  using StateKey = Key<W>;

  RandomWalk(StateTables& tables, const M& monitor)
      : tables_(tables), world_(tables, monitor, false), start_(world_.initial()) {
    assert(tables.spec().time.ticks == 0);
    for (Slot slot = 0; slot < world_.layout().process.size(); ++slot) {
      if (moves(start_, slot) > 0) can_move_[starters_++] = static_cast<std::uint8_t>(slot);
    }
  }

  /// The same seed gives the same run.
  WalkResult run(std::uint64_t seed, std::uint64_t max_steps) {
    Random random(seed);
    WalkResult result;
    StateKey key = start_;
    std::array<std::uint8_t, kMaxProcesses> can_move = can_move_;
    std::uint32_t movers = starters_;
    for (; movers > 0 && result.steps < max_steps; ++result.steps) {
      const std::uint32_t pick = random.below(movers);
      const Slot slot = can_move[pick];
      key = step(key, slot, random, result);
      // Only its own moves change what a process can do.
      if (moves(key, slot) == 0) can_move[pick] = can_move[--movers];
    }
    result.ended = movers == 0;
    end_ = key;
    return result;
  }

  /// Where the last run came to.
  [[nodiscard]] EndState end_state() { return world_.end_state(end_); }

 private:
  static constexpr std::size_t kMaxProcesses = 64;

  [[nodiscard]] std::uint16_t moves(const StateKey& key, Slot slot) const {
    return tables_.info(world_.layout().local(key, slot)).move_count;
  }

  // By value: a key of one word then stays in a register.
  StateKey step(const StateKey& key, Slot slot, Random& random, WalkResult& result) {
    const LocalId local = world_.layout().local(key, slot);
    const LocalInfo& info = tables_.info(local);
    const std::uint32_t first = info.first_move;
    const std::uint16_t count = info.move_count;
    for (;;) {
      const auto i = static_cast<std::uint16_t>(count == 1 ? 0 : random.below(count));
      const QuickMove& quick = tables_.quick(first + i);
      StateKey base = key;
      if (quick.fault != kNoFault) {
        const Field& field = world_.layout().budget[quick.fault];
        const std::uint64_t left = field.get(key);
        if (left == 0) continue;  // not a move any more: pick again
        field.set(base, left - 1);
      }
      if (world_.quick_step(key, base, slot, quick)) return base;
      return told_step(key, base, slot, i, random, result);
    }
  }

  // One of the move's alternatives, each as likely.
  StateKey told_step(const StateKey& key, const StateKey& base, Slot slot, std::uint16_t i, Random& random,
                     WalkResult& result) {
    StateKey chosen = key;
    Violations violations = 0;
    std::uint32_t seen = 0;
    auto emit = [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations found) {
      if (random.below(++seen) != 0) return;
      chosen = next;
      violations = found;
    };
    world_.told_step(key, base, slot, world_.layout().local(key, slot), i, emit);
    result.violations = static_cast<Violations>(result.violations | violations);
    return chosen;
  }

  StateTables& tables_;
  PackedWorld<W, M> world_;
  StateKey start_;
  StateKey end_;
  std::array<std::uint8_t, kMaxProcesses> can_move_{};
  std::uint32_t starters_ = 0;
};

}  // namespace lockstorm::sim
