// What the league has measured, and its table.
#pragma once

#include <string>
#include <vector>

#include "bench/league/contest.hpp"

namespace lockstorm::league {

/// One strategy against one mutant, with several seeds.
struct Score {
  std::string strategy;
  std::vector<Trial> trials;
};

struct Row {
  std::string mutant;
  std::string what;
  std::string control;
  unsigned clients = 0;  ///< of the control
  Exploration explored;
  std::vector<Score> scores;  ///< the portfolio first
};

/// Half of the trials need at most so many runs; a trial that killed nothing counts as longer than any.
struct Median {
  double value = 0;  ///< infinity: fewer than half of the trials killed
  double low = 0;    ///< 95 % confidence interval of the median, by order statistics (distribution-free)
  double high = 0;
};
/// `runs` false: seconds.
Median median_of(const std::vector<Trial>& trials, bool runs);

/// A mutant that uniform random search needs more than so many schedules for, in half of its trials, in a
/// world of so many clients and more, is a hard one.
inline constexpr double kHardRuns = 1'000;
inline constexpr unsigned kHardClients = 3;
bool is_hard(const Row& row);

/// The league as Markdown: strategies in total, then the hard mutants, then mutant by mutant.
std::string league_table(const std::vector<Row>& rows, std::uint64_t most_runs);

}  // namespace lockstorm::league
