#include "reports/bench/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace lockstorm::reports {
namespace {

constexpr double kSignificant = 0.05;

const BenchSeries* named(const BenchRun& run, std::string_view name) {
  const auto found = std::ranges::find(run.series, name, &BenchSeries::name);
  return found == run.series.end() ? nullptr : &*found;
}

// The smallest p that so many samples can have at all.
double least_p(std::size_t n, std::size_t m) {
  double orders = 1;
  for (std::size_t i = 1; i <= n; ++i) orders *= static_cast<double>(m + i) / static_cast<double>(i);
  return std::min(1.0, 2 / orders);
}

}  // namespace

std::string_view name_of(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::better:
      return "better";
    case Change::worse:
      return "worse";
    case Change::unclear:
      return "unclear";
  }
  return {};
}

bool BenchComparison::any_worse() const {
  return std::ranges::any_of(differences, [](const BenchDifference& d) { return d.change == Change::worse; });
}

BenchComparison compare(const BenchRun& before, const BenchRun& after, double threshold, bool interleaved) {
  BenchComparison comparison{before.label, after.label, interleaved, threshold, {}, {}, {}};
  std::vector<double> p;
  std::vector<double> least;
  for (const BenchSeries& now : after.series) {
    const BenchSeries* then = named(before, now.name);
    if (then == nullptr) {
      comparison.only_after.push_back(now.name);
      continue;
    }
    p.push_back(mann_whitney_p(then->samples, now.samples));
    least.push_back(least_p(then->samples.size(), now.samples.size()));
    comparison.differences.push_back({now.name, now.better, median(then->samples), median(now.samples),
                                      ratio_of(then->samples, now.samples), 1, Change::same});
  }
  for (const BenchSeries& then : before.series)
    if (named(after, then.name) == nullptr) comparison.only_before.push_back(then.name);
  const std::vector<double> corrected = holm(p);
  for (std::size_t i = 0; i < corrected.size(); ++i) {
    BenchDifference& difference = comparison.differences[i];
    difference.p = corrected[i];
    const double ratio = difference.ratio.ratio;
    const bool is_larger = ratio > 1;
    if (least[i] * static_cast<double>(least.size()) >= kSignificant) {
      difference.change = Change::unclear;
    } else if (difference.p < kSignificant && std::max(ratio, 1 / ratio) > 1 + threshold) {
      difference.change = is_larger == (difference.better == Better::higher) ? Change::better : Change::worse;
    }
  }
  return comparison;
}

}  // namespace lockstorm::reports
