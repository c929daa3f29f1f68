// Two runs of the benchmarks, figure by figure: what became slower, what faster, and what cannot be told
// apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/bench/samples.hpp"
#include "reports/bench/significance.hpp"

namespace lockstorm::reports {

enum class Change : std::uint8_t {
  same,  ///< no difference that is not chance, or one below the threshold
  better,
  worse,
  unclear  ///< so few samples that no difference could be told from chance
};
[[nodiscard]] std::string_view name_of(Change change);

struct BenchDifference {
  std::string name;
  Better better = Better::lower;
  double before = 0;    ///< median
  double after = 0;     ///< median
  RatioEstimate ratio;  ///< after / before
  double p = 1;         ///< corrected for the number of figures
  Change change = Change::same;
};

struct BenchComparison {
  std::string before;
  std::string after;
  bool interleaved = false;  ///< measured in turn, so that a busy machine slowed both alike
  double threshold = 0.05;
  std::vector<BenchDifference> differences;
  std::vector<std::string> only_before;
  std::vector<std::string> only_after;

  [[nodiscard]] bool any_worse() const;
};

/// Of all figures that both have, in the order of `after`. All verdicts together are wrong with a chance of 5
/// % at most when nothing has changed.
[[nodiscard]] BenchComparison compare(const BenchRun& before, const BenchRun& after, double threshold,
                                      bool interleaved);

}  // namespace lockstorm::reports
