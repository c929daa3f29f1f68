// Uniform random walk over interleavings, and over those of the interesting events only.
#pragma once

#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

namespace detail {
/// An index drawn with probability proportional to its weight; all weights zero: any.
template <class Weight>
std::uint32_t weighted(std::uint32_t count, Random& random, Weight&& weight) {
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) total += weight(i);
  if (total == 0) return random.below(count);
  std::uint64_t drawn = random.below(static_cast<std::uint32_t>(total));
  for (std::uint32_t i = 0;; ++i) {
    if (drawn < weight(i)) return i;
    drawn -= weight(i);
  }
}
}  // namespace detail

/// URW of Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform Concurrency Testing", ASPLOS 2025: a
/// process goes next with probability proportional to the number of events it has left. Where the numbers are
/// right every interleaving is as likely as any other.
class Urw final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "urw"; }

  void begin(const RunShape& shape, std::uint64_t, Random&) override { left_ = shape.events; }

  Pick pick(const Candidates& candidates, Random& random) override {
    return {
        detail::weighted(static_cast<std::uint32_t>(candidates.movers.size()), random, [&](std::uint32_t i) {
          const std::uint8_t mover = candidates.movers[i];
          return candidates.is_time(mover) ? 1U : std::max(left_[mover], 1U);
        })};
  }

  void taking(const Candidates&, std::uint8_t mover, const Move&, Random&) override {
    if (left_[mover] > 0) --left_[mover];
  }

 private:
  std::vector<std::uint32_t> left_;
};

/// SURW of the same paper: uniform over the interleavings of the interesting events, here the effects at one
/// service, drawn anew for each run. Everything else goes on at random around them.
class SelectiveUrw final : public Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "surw"; }

  void begin(const RunShape& shape, std::uint64_t, Random& random) override {
    service_ = static_cast<std::uint8_t>(random.below(static_cast<std::uint32_t>(shape.effects.size())));
    left_ = shape.effects[service_];
    intend(random);
  }

  Pick pick(const Candidates& candidates, Random& random) override {
    // Whoever is at an interesting event waits until it is its turn.
    std::uint32_t seen = 0;
    std::uint32_t chosen = 0;
    for (std::uint32_t i = 0; i < candidates.movers.size(); ++i) {
      if (is_interesting(candidates, candidates.movers[i]) && candidates.movers[i] != intended_) continue;
      if (random.below(++seen) == 0) chosen = i;
    }
    // The one whose turn it is has no such event after all: the numbers were wrong.
    if (seen == 0) chosen = random.below(static_cast<std::uint32_t>(candidates.movers.size()));
    return {chosen};
  }

  void taking(const Candidates&, std::uint8_t mover, const Move& move, Random& random) override {
    if (!move.is_effect() || move.service != service_) return;
    if (left_[mover] > 0) --left_[mover];
    intend(random);
  }

 private:
  [[nodiscard]] bool is_interesting(const Candidates& candidates, std::uint8_t mover) const {
    const Move* next = candidates.next_move(mover);
    return next != nullptr && next->is_effect() && next->service == service_;
  }
  void intend(Random& random) {
    intended_ = static_cast<std::uint8_t>(detail::weighted(static_cast<std::uint32_t>(left_.size()), random,
                                                           [&](std::uint32_t i) { return left_[i]; }));
  }

  std::uint8_t service_ = 0;
  std::uint8_t intended_ = 0;
  std::vector<std::uint32_t> left_;
};

}  // namespace lockstorm::sim
