// When the faults of one run strike.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/faults.hpp"
#include "sim/random.hpp"

namespace lockstorm::sim {

/// Each fault of the run's allowance is armed at a step drawn beforehand, and strikes at the first
/// opportunity from then on: when the process whose turn it is could be struck. A given opportunity is thus
/// hit with at least the probability that the step before it is drawn, as in the guarantee of PCT.
class FaultPlan {
 public:
  /// No faults.
  FaultPlan() = default;

  /// All of `allowance`, each at a step of its own, uniform below `steps`.
  static FaultPlan drawn(const FaultBudget& allowance, std::uint64_t steps, Random& random) {
    FaultPlan plan;
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
      for (unsigned i = 0; i < allowance.count[kind]; ++i) {
        plan.arms_.push_back({random.below(static_cast<std::uint32_t>(std::max<std::uint64_t>(steps, 1))),
                              static_cast<std::uint8_t>(kind)});
      }
    }
    std::sort(plan.arms_.begin(), plan.arms_.end());
    return plan;
  }

  /// Exactly one, from this step on.
  static FaultPlan one(Fault fault, std::uint64_t step) {
    FaultPlan plan;
    plan.arms_.push_back({step, static_cast<std::uint8_t>(fault)});
    return plan;
  }

  /// Arms what is due. True: something is armed that was not before.
  bool advance(std::uint64_t step) {
    bool news = false;
    for (; next_ < arms_.size() && arms_[next_].step <= step; ++next_) {
      ++armed_[arms_[next_].fault];
      ++total_;
      news = true;
    }
    return news;
  }
  /// The step at which `advance` has something to do; never: none.
  [[nodiscard]] std::uint64_t next_step(std::uint64_t never) const {
    return next_ < arms_.size() ? arms_[next_].step : never;
  }
  [[nodiscard]] bool any_armed() const { return total_ > 0; }
  [[nodiscard]] bool is_armed(std::uint8_t fault) const { return fault != kNoFault && armed_[fault] > 0; }
  void struck(std::uint8_t fault) {
    --armed_[fault];
    --total_;
  }

 private:
  struct Arm {
    std::uint64_t step;
    std::uint8_t fault;
    friend auto operator<=>(const Arm&, const Arm&) = default;
  };
  std::vector<Arm> arms_;  ///< sorted
  std::size_t next_ = 0;
  std::array<std::uint8_t, kFaultKinds> armed_{};
  unsigned total_ = 0;
};

}  // namespace lockstorm::sim
