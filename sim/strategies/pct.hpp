// Probabilistic concurrency testing: random priorities, and d - 1 random moments at which the leader falls
// behind.
#pragma once

#include <array>
#include <limits>

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic Guarantees of
/// Finding Bugs", ASPLOS 2010. A bug that needs d ordering constraints is found with probability 1 / (n
/// k^(d-1)) or more, for n processes and runs of k steps. A process that is paused falls behind everybody.
class Pct final : public Strategy {
 public:
  /// `depth`: at least 1.
  explicit Pct(unsigned depth) : name_("pct:" + std::to_string(depth)), changes_(depth - 1) {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    lowest_ = 0;
    // A random order: everybody is put at a random place among those before.
    std::array<std::uint8_t, kMaxProcesses + 1> order{};
    for (std::uint32_t i = 0; i <= shape.processes; ++i) {
      const std::uint32_t place = random.below(i + 1);
      order[i] = order[place];
      order[place] = static_cast<std::uint8_t>(i);
    }
    for (std::uint32_t rank = 0; rank <= shape.processes; ++rank)
      priority_[order[rank]] = static_cast<std::int32_t>(rank) + 1;
    for (std::uint64_t& change : changes_) change = random.below(shape.steps);
    std::sort(changes_.begin(), changes_.end());
    next_change_ = 0;
  }

  Pick pick(const Candidates& candidates, Random&) override {
    for (; next_change_ < changes_.size() && changes_[next_change_] <= candidates.step; ++next_change_)
      fall_behind(candidates.movers[leader(candidates)]);
    return {leader(candidates)};
  }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random&) override {
    if (move.kind == MoveKind::pause) fall_behind(mover);
  }

 private:
  void fall_behind(std::uint8_t mover) { priority_[mover] = --lowest_; }
  [[nodiscard]] std::uint32_t leader(const Candidates& candidates) const {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < candidates.movers.size(); ++i) {
      if (priority_[candidates.movers[i]] > priority_[candidates.movers[best]]) best = i;
    }
    return best;
  }

  std::string name_;
  std::array<std::int32_t, kMaxProcesses + 1> priority_{};
  std::vector<std::uint64_t> changes_;  ///< sorted
  std::size_t next_change_ = 0;
  std::int32_t lowest_ = 0;
};

}  // namespace lockstorm::sim
