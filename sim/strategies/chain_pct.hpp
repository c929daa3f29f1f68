// PCT for messages: priorities belong to chains of causally ordered events, not to processes.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <limits>

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// Ozkan, Majumdar, Niksic, Befrouei, Weissenbacher: "Randomized Testing of Distributed Systems with
/// Probabilistic Guarantees" (PCTCP), OOPSLA 2018. What one fiber does, with the calls it waits for, is a
/// chain; a request that nobody waits for any more has become one of its own. New chains are put at a random
/// place among the others. The guarantee is PCT's, with the number of chains in the place of processes.
class ChainPct final : public Strategy {
 public:
  explicit ChainPct(unsigned depth) : name_("chains:" + std::to_string(depth)), changes_(depth - 1) {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    priority_.clear();
    lowest_ = 0;
    for (std::uint64_t& change : changes_) change = random.below(shape.steps);
    std::sort(changes_.begin(), changes_.end());
    next_change_ = 0;
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    Leader best = leader(candidates, random);
    for (; next_change_ < changes_.size() && changes_[next_change_] <= candidates.step; ++next_change_) {
      priority_[best.chain] = --lowest_;
      best = leader(candidates, random);
    }
    return best.pick;
  }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random&) override {
    if (move.kind != MoveKind::pause) return;
    for (auto& [chain, priority] : priority_) {
      if (chain >> 40U == mover) priority = lowest_ - 1;
    }
    --lowest_;
  }

 private:
  using Chain = std::uint64_t;
  struct Leader {
    Pick pick;
    Chain chain = 0;
  };

  static Chain chain_of(std::uint8_t mover, const Move& move) {
    const bool stray = move.kind == MoveKind::stray_effect;
    const std::uint64_t which = stray ? std::uint64_t{move.argument} << 8U | 0x80U : move.fiber;
    return static_cast<std::uint64_t>(mover) << 40U | which;
  }

  // Any priority above those that have fallen behind; ties, which are next to impossible, go to the first.
  std::int64_t priority_of(Chain chain, Random& random) {
    const auto [position, is_new] = priority_.try_emplace(chain, 0);
    if (is_new) position->second = static_cast<std::int64_t>(random.next() >> 2U);
    return position->second;
  }

  Leader leader(const Candidates& candidates, Random& random) {
    Leader best;
    std::int64_t highest = std::numeric_limits<std::int64_t>::min();
    const auto consider = [&](Pick pick, Chain chain) {
      const std::int64_t priority = priority_of(chain, random);
      if (priority <= highest) return;
      highest = priority;
      best = {pick, chain};
    };
    for (std::uint32_t i = 0; i < candidates.movers.size(); ++i) {
      const std::uint8_t mover = candidates.movers[i];
      if (candidates.is_time(mover)) {
        consider({i}, static_cast<Chain>(mover) << 40U);
        continue;
      }
      const LocalId local = candidates.locals[mover];
      const LocalInfo& info = candidates.tables.info(local);
      const bool one = info.free_moves == 1;
      for (std::uint16_t m = info.first_free; m < info.move_count; ++m) {
        if (candidates.tables.quick(info.first_move + m).fault != kNoFault) continue;
        // One thing to do: faults may take its place.
        consider({i, one ? Pick::kAnyMove : m}, chain_of(mover, candidates.tables.move(local, m).move));
        if (one) break;
      }
    }
    return best;
  }

  std::string name_;
  boost::unordered_flat_map<Chain, std::int64_t> priority_;
  std::vector<std::uint64_t> changes_;  ///< sorted
  std::size_t next_change_ = 0;
  std::int64_t lowest_ = 0;
};

}  // namespace lockstorm::sim
