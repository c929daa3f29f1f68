// Feedback: goes on from the middle of a run that did something new, under PCT.
#pragma once

#include "sim/strategies/pct.hpp"

namespace lockstorm::sim {

/// A run worth going on from: two requests of different processes followed each other at a service as they
/// never had before.
struct PooledRun {
  ChoiceStream stream;
  std::vector<std::uint32_t> news{};  ///< the numbers of the steps that did so; none: not known

  PooledRun(ChoiceStream run, std::vector<std::uint32_t> steps = {})
      : stream(std::move(run)), news(std::move(steps)) {}
};
using StreamPool = std::vector<PooledRun>;

/// Every fourth run is PCT from the start, so a quarter of its guarantee holds; the others repeat a prefix of
/// a run from the pool, faults included, and go on under PCT. Half of the prefixes end at a random step, the
/// others just behind one that was new: what is rare is mostly what has to be followed up, and what comes
/// after it in that run is mostly not. The pool only changes between runs.
class Feedback final : public Strategy {
 public:
  Feedback(unsigned depth, const StreamPool& pool) : pool_(pool), base_(depth) {}

  [[nodiscard]] std::string_view name() const override { return "feedback"; }

  void begin(const RunShape& shape, std::uint64_t number, Random& random) override {
    base_.begin(shape, number, random);
    prefix_ = 0;
    if (pool_.empty() || random.below(4) == 0) return;
    parent_ = random.below(static_cast<std::uint32_t>(pool_.size()));
    const PooledRun& parent = pool_[parent_];
    prefix_ = random.below(static_cast<std::uint32_t>(parent.stream.size()) + 1);
    if (!parent.news.empty() && random.below(2) == 0)
      prefix_ = parent.news[random.below(static_cast<std::uint32_t>(parent.news.size()))] + 1U;
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    if (candidates.step < prefix_) {
      const Decision& wanted = pool_[parent_].stream[candidates.step];
      for (std::uint32_t i = 0; i < candidates.movers.size(); ++i) {
        if (candidates.movers[i] == wanted.slot()) return {i, wanted.move()};
      }
      prefix_ = 0;  // an answer was drawn otherwise: from here on it is another run
    }
    return base_.pick(candidates, random);
  }

  void taking(const Candidates& candidates, std::uint8_t mover, const Move& move, Random& random) override {
    base_.taking(candidates, mover, move, random);
  }

 private:
  const StreamPool& pool_;
  Pct base_;
  std::size_t parent_ = 0;
  std::size_t prefix_ = 0;
};

}  // namespace lockstorm::sim
