// Figures of many runs with how far off they may be: pooled values, and intervals from how groups of runs
// differ.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace lockstorm::scenarios {

/// A figure and its 95 % confidence interval. One run has no interval: then both ends are the value.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Runs are taken together in so many groups at most, the better to tell chance from difference.
inline constexpr std::size_t kGroups = 20;

/// [first, last) of the runs of each group; as many groups as there are runs, `kGroups` at most.
std::vector<std::pair<std::size_t, std::size_t>> run_groups(std::size_t runs);

/// `of(first, last)` is the figure of these runs alone: the value is that of all, the interval follows from
/// how the groups' figures scatter (sectioning; Student's t). An end below `least` is cut off there.
Estimate estimate(std::size_t runs, const std::function<double(std::size_t, std::size_t)>& of,
                  double least = 0);

/// The value below or at which lies that share of `values`, in thousandths; 0 of none. Reorders them.
std::uint64_t quantile(std::span<std::uint64_t> values, unsigned share_permille);

}  // namespace lockstorm::scenarios
