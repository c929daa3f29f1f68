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

/// Uniform random scheduling: each step picks a process that can move, then one of its moves. While the
/// budget has faults left one is struck in sixteen times it is picked, so that they come late as well as
/// early. Worlds of free time only.
template <int W, Monitor M>
class RandomWalk {
 public:
  using StateKey = Key<W>;

  RandomWalk(StateTables& tables, const M& monitor)
      : tables_(tables), world_(tables, monitor, false), start_(world_.initial()) {
    assert(tables.spec().time.ticks == 0);
  }

  /// The same seed gives the same run.
  WalkResult run(std::uint64_t seed, std::uint64_t max_steps) {
    Random random(seed);
    WalkResult result;
    key_ = start_;
    unpack();
    std::uint32_t movers = 0;
    for (Slot slot = 0; slot < world_.layout().process.size(); ++slot) {
      if (tables_.info(local_[slot]).move_count > 0) can_move_[movers++] = static_cast<std::uint8_t>(slot);
    }
    while (movers > 0 && result.steps < max_steps) {
      const std::uint32_t pick = random.below(movers);
      const Slot slot = can_move_[pick];
      // Only its own moves, and budgets that run out, change what a process can do.
      if (!step(slot, random, result) || tables_.info(local_[slot]).move_count == 0)
        can_move_[pick] = can_move_[--movers];
    }
    result.ended = movers == 0;
    return result;
  }

  /// Where the last run came to.
  [[nodiscard]] EndState end_state() {
    pack();
    return world_.end_state(key_);
  }

 private:
  static constexpr std::size_t kMax = 64;
  static constexpr std::uint32_t kFaultRarity = 16;

  // False: all it could do are faults that the budget has no more of.
  bool step(Slot slot, Random& random, WalkResult& result) {
    const LocalInfo& info = tables_.info(local_[slot]);
    const std::uint32_t first = info.first_move;
    const std::uint16_t count = info.move_count;
    for (;;) {
      const auto i = static_cast<std::uint16_t>(count == 1 ? 0 : random.below(count));
      const QuickMove& quick = tables_.quick(first + i);
      if (quick.fault == kNoFault) {
        if (!tables_.take_quick(quick, slot, local_[slot], service_[quick.service]))
          told_step(slot, i, quick.fault, random, result);
        ++result.steps;
        return true;
      }
      if (budget(quick.fault) == 0) {
        if (!has_move(first, count)) return false;
      } else if (random.below(kFaultRarity) == 0) {
        told_step(slot, i, quick.fault, random, result);
        ++result.steps;
        return true;
      }
    }
  }

  [[nodiscard]] std::uint64_t budget(std::uint8_t fault) const {
    return world_.layout().budget[fault].get(key_);
  }
  [[nodiscard]] bool has_move(std::uint32_t first, std::uint16_t count) const {
    for (std::uint32_t i = first; i < first + count; ++i) {
      const std::uint8_t fault = tables_.quick(i).fault;
      if (fault == kNoFault || budget(fault) > 0) return true;
    }
    return false;
  }

  // One of the move's alternatives, each as likely.
  void told_step(Slot slot, std::uint16_t i, std::uint8_t fault, Random& random, WalkResult& result) {
    pack();
    StateKey base = key_;
    if (fault != kNoFault) {
      const Field& field = world_.layout().budget[fault];
      field.set(base, field.get(base) - 1);
    }
    StateKey chosen = base;
    Violations violations = 0;
    std::uint32_t seen = 0;
    auto emit = [&](const StateKey& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations found) {
      if (random.below(++seen) != 0) return;
      chosen = next;
      violations = found;
    };
    world_.told_step(base, slot, local_[slot], i, fault, emit);
    result.violations = static_cast<Violations>(result.violations | violations);
    key_ = chosen;
    unpack();
  }

  void pack() {
    for (Slot slot = 0; slot < world_.layout().process.size(); ++slot)
      world_.layout().set_local(key_, slot, local_[slot]);
    for (std::size_t s = 0; s < world_.layout().service.size(); ++s)
      world_.layout().set_service(key_, s, service_[s]);
  }
  void unpack() {
    for (Slot slot = 0; slot < world_.layout().process.size(); ++slot)
      local_[slot] = world_.layout().local(key_, slot);
    for (std::size_t s = 0; s < world_.layout().service.size(); ++s)
      service_[s] = world_.layout().service_state(key_, s);
  }

  StateTables& tables_;
  PackedWorld<W, M> world_;
  StateKey start_;
  StateKey key_;  ///< the truth for budgets and monitors; locals and services are unpacked while quick
  std::array<LocalId, kMax> local_{};
  std::array<ServiceStateId, kMax> service_{};
  std::array<std::uint8_t, kMax> can_move_{};
};

}  // namespace lockstorm::sim
