// How likely it is that a search which found nothing has missed something.
#pragma once

#include <cstdint>
#include <vector>

namespace lockstorm::scenarios {

/// How many runs of PCT with each depth a campaign has made, in a world of this size.
struct PctRuns {
  std::uint32_t processes = 1;
  std::uint32_t steps = 1;  ///< of the longest run
  unsigned faults = 0;      ///< that the scenario allows: each was in a run or not, with probability 1/2
  std::vector<std::uint64_t> runs;  ///< [depth], from 0
};

/// A lower bound on the probability that one such run of PCT shows a given bug of depth d: one that needs d
/// ordering constraints, each fault that it needs counting as one (it strikes at the wanted opportunity with
/// 1/k or more, in the wanted one of at most two ways): 2^-faults / (n (2k)^(d-1)); without faults PCT's own
/// 1 / (n k^(d-1)).
double chance_of_one_run(const PctRuns& search, unsigned depth);

/// An upper bound on the probability that all runs missed such a bug. Runs of greater depth count: they find
/// what a smaller depth does.
double chance_missed(const PctRuns& search, unsigned depth);

/// Whatever the distribution of runs: with confidence 95 % fewer than this share of them shows a violation,
/// after `runs` have shown none (Hanley, Lippman-Hand: the rule of three).
double rule_of_three(std::uint64_t runs);

}  // namespace lockstorm::scenarios
