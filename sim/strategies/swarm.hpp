// Swarm: every run has a random subset of the faults and random weights for the processes.
#pragma once

#include <array>

#include "sim/strategies/urw.hpp"

namespace lockstorm::sim {

/// Groce, Zhang, Eide, Chen, Regehr: "Swarm Testing", ISSTA 2012: what is left out of a run is as important
/// as what is in it. Each fault of the allowance is in or out with probability 1/2; each process has weight 0
/// (it comes when nobody else can move), 1, 4 or 16.
class Swarm final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "swarm"; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    static constexpr std::array<std::uint32_t, 4> kWeights{0, 1, 4, 16};
    weights_.assign(shape.processes + 1, 1);
    for (std::uint32_t& weight : weights_) weight = kWeights[random.below(4)];
    faults_ = {};
  }

  FaultPlan faults(const FaultBudget& allowance, const RunShape& shape, Random& random) override {
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
      for (unsigned i = 0; i < allowance.count[kind]; ++i)
        faults_.count[kind] = static_cast<std::uint8_t>(faults_.count[kind] + random.below(2));
    }
    return FaultPlan::drawn(faults_, shape.steps, random);
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    return {detail::weighted(static_cast<std::uint32_t>(candidates.movers.size()), random,
                             [&](std::uint32_t i) { return weights_[candidates.movers[i]]; })};
  }

  [[nodiscard]] std::string drawn() const override {
    std::string text = "weights";
    for (std::size_t i = 0; i + 1 < weights_.size(); ++i)
      text.append(" ").append(std::to_string(weights_[i]));
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
      if (faults_.count[kind] == 0) continue;
      text.append(", ").append(std::to_string(faults_.count[kind])).append(" ").append(kFaultNames[kind]);
    }
    return text;
  }

 private:
  std::vector<std::uint32_t> weights_;  ///< by mover
  FaultBudget faults_;
};

}  // namespace lockstorm::sim
