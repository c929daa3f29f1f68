// How long it takes until something bad happens for the first time; where it never did, whether it can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/contend/estimates.hpp"
#include "scenarios/timed/figures.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::scenarios {

/// What exploring says of a property that no run has violated: two jobs of each fleet, with one each of
/// the faults that it gives a rate, and one person where somebody unlocks.
struct SafetyProof {
  enum class Answer : std::uint8_t {
    held,      ///< it cannot happen to them
    possible,  ///< it can, and is too rare to have been seen
    unknown,   ///< there are too many states
  };
  Answer answer = Answer::unknown;
  std::size_t states = 0;  ///< that were explored
  std::shared_ptr<const Scenario> explored;
};

/// One property that is judged at every step, over all runs.
struct SafetyEstimate {
  checkers::Property property{};
  std::uint64_t runs_violated = 0;
  std::uint64_t first_run = 0;  ///< the first of them, from 0
  std::uint64_t violations = 0;
  double watched_s = 0;  ///< of all runs together, each up to its first violation
  /// Mean time to the first violation, and its 95 % interval, as if it came at a steady rate. Where none was
  /// seen, `value` and `high` mean nothing, and `low` is what the time is longer than.
  Estimate first_s;
  std::optional<SafetyProof> proof;
};

/// What one run says of each property.
struct WatchedRun {
  checkers::PerProperty<Breach> breaches{};
  std::uint64_t end_us = 0;
};

/// Of the properties that mean something in that world, in their order.
std::vector<SafetyEstimate> safety_estimates(checkers::PropertySet applicable,
                                             std::span<const WatchedRun> runs);

/// Tries to prove that what was not seen cannot happen, and visits about `max_states` states for each
/// property at the most. With a group of jobs that run one at a time more can happen in the exploration than
/// there: what is possible is `unknown` then.
void prove_unseen(const TimedWorld& world, std::size_t max_states, std::vector<SafetyEstimate>& estimates);

}  // namespace lockstorm::scenarios
