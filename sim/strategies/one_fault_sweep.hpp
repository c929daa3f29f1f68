// Every step of the sequential run times every kind of fault, one at a time, in order.
#pragma once

#include "sim/strategies/delay_bounded.hpp"

namespace lockstorm::sim {

/// Run number r lets process r / (k f) mod n go first and arms fault r mod f at step (r / f) mod k, where k
/// is the length of runs and f the number of kinds in the allowance. Whoever is struck is put behind the
/// others, so that they go on in what it left behind. After n k f runs everything has been swept.
class OneFaultSweep final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "sweep"; }

  void begin(const RunShape& shape, std::uint64_t number, Random&) override {
    number_ = number;
    processes_ = shape.processes;
    base_.start(shape.processes, 0);
  }

  FaultPlan faults(const FaultBudget& allowance, const RunShape& shape, Random&) override {
    std::vector<Fault> kinds;
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
      if (allowance.count[kind] > 0) kinds.push_back(static_cast<Fault>(kind));
    }
    const std::uint64_t count = std::max<std::uint64_t>(kinds.size(), 1);
    const auto first = static_cast<std::uint32_t>(number_ / (count * shape.steps) % processes_);
    base_.start(processes_, first);
    if (kinds.empty()) return {};
    return FaultPlan::one(kinds[number_ % count], number_ / count % shape.steps);
  }

  /// Runs after which all has been swept.
  static std::uint64_t runs(const FaultBudget& allowance, const RunShape& shape) {
    std::uint64_t kinds = 0;
    for (const std::uint8_t count : allowance.count) kinds += count > 0 ? 1 : 0;
    return std::max<std::uint64_t>(kinds, 1) * shape.steps * shape.processes;
  }

  Pick pick(const Candidates& candidates, Random& random) override { return base_.pick(candidates, random); }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random&) override {
    if (move.fault != kNoFault) base_.delay(mover);
  }

 private:
  DelayBounded base_{0};
  std::uint64_t number_ = 0;
  std::uint32_t processes_ = 1;
};

}  // namespace lockstorm::sim
