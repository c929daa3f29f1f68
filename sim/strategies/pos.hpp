// Partial order sampling: every pending event has a random priority, drawn anew when an event that it races
// with happens.
#pragma once

#include <array>

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// Yuan, Yang, Gu: "Partial Order Aware Concurrency Sampling", CAV 2018. Two events race when both are
/// requests that take effect at the same service. Orders of events that do not race are not told apart, so
/// few samples are wasted on them.
class PartialOrder final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "pos"; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    for (std::uint32_t i = 0; i <= shape.processes; ++i) priority_[i] = random.next();
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < candidates.movers.size(); ++i) {
      if (priority_[candidates.movers[i]] > priority_[candidates.movers[best]]) best = i;
    }
    const std::uint8_t mover = candidates.movers[best];
    if (candidates.is_time(mover)) priority_[mover] = random.next();
    return {best};
  }

  void taking(const Candidates& candidates, std::uint8_t mover, const Move& move, Random& random) override {
    priority_[mover] = random.next();
    if (!move.is_effect()) return;
    for (const std::uint8_t other : candidates.movers) {
      if (other == mover) continue;
      const Move* next = candidates.next_move(other);
      if (next != nullptr && next->is_effect() && next->service == move.service)
        priority_[other] = random.next();
    }
  }

 private:
  std::array<std::uint64_t, kMaxProcesses + 1> priority_{};
};

}  // namespace lockstorm::sim
