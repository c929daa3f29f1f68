// Feedback: goes on from the middle of a run that did something new, under PCT.
#pragma once

#include "sim/strategies/pct.hpp"

namespace lockstorm::sim {

/// Runs worth going on from: those in which two requests of different processes followed each other at a
/// service as they never had before.
using StreamPool = std::vector<ChoiceStream>;

/// Every second run is PCT from the start, so half of its guarantee holds; the others repeat a random prefix
/// of a run from the pool, faults included, and go on under PCT. The pool only changes between runs.
class Feedback final : public Strategy {
 public:
  Feedback(unsigned depth, const StreamPool& pool) : pool_(pool), base_(depth) {}

  [[nodiscard]] std::string_view name() const override { return "feedback"; }

  void begin(const RunShape& shape, std::uint64_t number, Random& random) override {
    base_.begin(shape, number, random);
    prefix_ = 0;
    if (pool_.empty() || random.below(2) == 0) return;
    parent_ = random.below(static_cast<std::uint32_t>(pool_.size()));
    prefix_ = random.below(static_cast<std::uint32_t>(pool_[parent_].size()) + 1);
  }

  Pick pick(const Frontier& frontier, Random& random) override {
    if (frontier.step < prefix_) {
      const Decision& wanted = pool_[parent_][frontier.step];
      for (std::uint32_t i = 0; i < frontier.movers.size(); ++i) {
        if (frontier.movers[i] == wanted.slot()) return {i, wanted.move()};
      }
      prefix_ = 0;  // an answer was drawn otherwise: from here on it is another run
    }
    return base_.pick(frontier, random);
  }

  void taking(const Frontier& frontier, std::uint8_t mover, const Move& move, Random& random) override {
    base_.taking(frontier, mover, move, random);
  }

 private:
  const StreamPool& pool_;
  Pct base_;
  std::size_t parent_ = 0;
  std::size_t prefix_ = 0;
};

}  // namespace lockstorm::sim
