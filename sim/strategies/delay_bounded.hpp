// Delay-bounded search: one process after the other, with a few delays at random moments.
#pragma once

#include <array>

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// Emmi, Qadeer, Rakamaric: "Delay-Bounded Scheduling", POPL 2011, sampled: the scheduler runs the first
/// process until it can do nothing more, then the next; a delay puts the one that runs behind all others.
/// Which is first is random.
class DelayBounded final : public Strategy {
 public:
  explicit DelayBounded(unsigned delays) : name_("delays:" + std::to_string(delays)), delays_(delays) {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    start(shape.processes, random.below(shape.processes));
    for (std::uint64_t& delay : delays_) delay = random.below(shape.steps);
    std::sort(delays_.begin(), delays_.end());
  }

  /// Without anything random: process `first` begins, nobody is delayed.
  void start(std::uint32_t processes, std::uint32_t first) {
    for (std::uint32_t i = 0; i < processes; ++i) turn_[i] = (i + processes - first) % processes;
    turn_[processes] = processes;  // time passes when nobody can move, or is delayed for
    last_ = processes;
    next_delay_ = 0;
  }
  void delay(std::uint8_t mover) { turn_[mover] = ++last_; }

  Pick pick(const Candidates& candidates, Random&) override {
    for (; next_delay_ < delays_.size() && delays_[next_delay_] <= candidates.step; ++next_delay_)
      delay(candidates.movers[first(candidates)]);
    return {first(candidates)};
  }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random&) override {
    if (move.kind == MoveKind::pause) delay(mover);
  }

 private:
  [[nodiscard]] std::uint32_t first(const Candidates& candidates) const {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < candidates.movers.size(); ++i) {
      if (turn_[candidates.movers[i]] < turn_[candidates.movers[best]]) best = i;
    }
    return best;
  }

  std::string name_;
  std::array<std::uint32_t, kMaxProcesses + 1> turn_{};
  std::uint32_t last_ = 0;
  std::vector<std::uint64_t> delays_;  ///< sorted
  std::size_t next_delay_ = 0;
};

}  // namespace lockstorm::sim
