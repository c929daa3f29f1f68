// Few switches: whoever runs goes on until it waits or ends, but for a few random moments at which somebody
// else does.
#pragma once

#include <limits>

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// Musuvathi, Qadeer: "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI
/// 2007, sampled: of n processes that make e_1 ... e_n steps, a run that takes d preemptions is drawn with
/// probability 1 / (n^c (e_1 + ... + e_n)^d) or more, c being how often somebody else takes over. Unlike
/// under PCT, whoever was preempted may be the next to run, so a process can come and go between two steps of
/// another. Who sleeps, is paused or dies has nothing to do: that is no preemption.
class FewSwitches final : public Strategy {
 public:
  /// At most so many preemptions a run.
  explicit FewSwitches(unsigned most)
      : name_("switches:" + std::to_string(most)), switches_(most), most_(most) {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    switches_.resize(1 + random.below(most_));
    const std::uint32_t steps = steps_of(shape);
    for (std::uint64_t& one : switches_) one = random.below(steps);
    std::sort(switches_.begin(), switches_.end());
    next_ = 0;
    running_ = kNobody;
  }

  FaultPlan faults(const FaultBudget& allowance, const RunShape& shape, Random& random) override {
    RunShape usual = shape;
    usual.steps = steps_of(shape);
    return Strategy::faults(allowance, usual, random);
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    std::uint8_t leaves = kNobody;
    for (; next_ < switches_.size() && switches_[next_] <= candidates.step; ++next_) leaves = running_;
    const auto count = static_cast<std::uint32_t>(candidates.movers.size());
    std::uint32_t seen = 0;
    std::uint32_t chosen = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint8_t mover = candidates.movers[i];
      if (mover == running_ && leaves == kNobody && !sleeps(candidates, mover)) return {i};
      if (mover == running_ && count > 1) continue;
      if (random.below(++seen) == 0) chosen = i;
    }
    const std::uint8_t mover = candidates.movers[chosen];
    running_ = candidates.is_time(mover) ? kNobody : mover;  // time passes tick by tick
    return {chosen};
  }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random&) override {
    if (move.kind == MoveKind::pause && mover == running_) running_ = kNobody;
  }

 private:
  static constexpr std::uint8_t kNobody = std::numeric_limits<std::uint8_t>::max();

  // Of a usual run: the longest is one in which everybody waits for everybody.
  static std::uint32_t steps_of(const RunShape& shape) {
    std::uint32_t steps = 0;
    for (const std::uint32_t events : shape.events) steps += events;
    return std::max(std::min(steps, shape.steps), 1U);
  }
  static bool sleeps(const Candidates& candidates, std::uint8_t mover) {
    const Move* next = candidates.next_move(mover);
    return next != nullptr && next->kind == MoveKind::wake;
  }

  std::string name_;
  std::vector<std::uint64_t> switches_;  ///< sorted
  std::uint32_t most_;
  std::size_t next_ = 0;
  std::uint8_t running_ = kNobody;
};

}  // namespace lockstorm::sim
