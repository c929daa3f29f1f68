// The plain random walk: everybody who can move is as likely to go next.
#pragma once

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

class Uniform final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "uniform"; }
  void begin(const RunShape&, std::uint64_t, Random&) override {}
  Pick pick(const Candidates& candidates, Random& random) override {
    return {random.below(static_cast<std::uint32_t>(candidates.movers.size()))};
  }
};

}  // namespace lockstorm::sim
