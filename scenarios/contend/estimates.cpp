#include "scenarios/contend/estimates.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lockstorm::scenarios {
namespace {

// The 97.5th percentile of Student's t with 1, 2, ... degrees of freedom.
constexpr std::array<double, kGroups - 1> kStudent{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                                   2.306,  2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
                                                   2.131,  2.120, 2.110, 2.101, 2.093};

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> run_groups(std::size_t runs) {
  const std::size_t count = std::min(runs, kGroups);
  std::vector<std::pair<std::size_t, std::size_t>> groups;
  for (std::size_t i = 0; i < count; ++i) groups.emplace_back(runs * i / count, runs * (i + 1) / count);
  return groups;
}

Estimate estimate(std::size_t runs, const std::function<double(std::size_t, std::size_t)>& of, double least) {
  Estimate made;
  if (runs == 0) return made;
  made.value = made.low = made.high = of(0, runs);
  const auto groups = run_groups(runs);
  if (groups.size() < 2) return made;
  std::vector<double> values;
  double sum = 0;
  for (const auto& [first, last] : groups) {
    values.push_back(of(first, last));
    sum += values.back();
  }
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto count = static_cast<double>(values.size());
  const double error =
      std::sqrt(squares / (count - 1) / count);  // roots are exact to the last place everywhere
  const double half = kStudent[values.size() - 2] * error;
  made.low = std::max(made.value - half, least);
  made.high = made.value + half;
  return made;
}

std::uint64_t quantile(std::span<std::uint64_t> values, unsigned share_permille) {
  if (values.empty()) return 0;
  const std::size_t rank = (values.size() * share_permille + 999) / 1000;
  const std::size_t place = rank == 0 ? 0 : rank - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

}  // namespace lockstorm::scenarios
