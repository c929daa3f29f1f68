// Whether two samples differ by more than chance, and by how much: rank tests, which ask nothing of the
// distribution of times.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lockstorm::reports {

/// Two-sided p of the Mann-Whitney U test (Mann and Whitney, 1947): the chance of ranks at least as far apart
/// when both samples are of one distribution. Exact for up to 20 + 20 samples without ties, else by the
/// normal approximation with correction for ties and continuity. 1 where a sample is empty.
[[nodiscard]] double mann_whitney_p(std::span<const double> before, std::span<const double> after);

/// By which factor the second sample is larger: the median of all pairwise ratios (Hodges and Lehmann, 1963,
/// on logarithms), with a confidence interval of at least 95 % as far as there are samples enough for one.
struct RatioEstimate {
  double ratio = 1;
  double low = 1;
  double high = 1;
};
/// Samples must be positive.
[[nodiscard]] RatioEstimate ratio_of(std::span<const double> before, std::span<const double> after);

/// Holm's step-down correction (Holm, 1979): with the p it returns, all comparisons together err with the
/// stated chance. In the order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

}  // namespace lockstorm::reports
