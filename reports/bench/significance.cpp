#include "reports/bench/significance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace lockstorm::reports {
namespace {

constexpr std::size_t kExact = 20;
constexpr double kError = 0.05;

// [u]: in how many orders of n + m different samples the second is larger in u of the n * m pairs.
std::vector<double> orders_by_u(std::size_t n, std::size_t m) {
  // Of the first i of one and j of the other: the largest is either one of the first, or one of the others
  // and so larger than all i.
  std::vector<std::vector<double>> of_j(m + 1, std::vector<double>(n * m + 1, 0.0));
  for (std::size_t j = 0; j <= m; ++j) of_j[j][0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= m; ++j) {
      for (std::size_t u = n * m + 1; u-- > 0;) of_j[j][u] += u >= i ? of_j[j - 1][u - i] : 0;
    }
  }
  return of_j[m];
}

struct Ranks {
  double u = 0;         // pairs in which the second is larger, ties a half
  double tie_term = 0;  // sum of t^3 - t over groups of t equal samples
};

Ranks rank(std::span<const double> a, std::span<const double> b) {
  Ranks ranks;
  std::map<double, double> equal;
  for (const double x : a) {
    ++equal[x];
    for (const double y : b) ranks.u += y > x ? 1.0 : y == x ? 0.5 : 0.0;
  }
  for (const double y : b) ++equal[y];
  for (const auto& [value, count] : equal) ranks.tie_term += count * count * count - count;
  return ranks;
}

double exact_p(std::size_t n, std::size_t m, double u) {
  const std::vector<double> orders = orders_by_u(n, m);
  const double all = std::accumulate(orders.begin(), orders.end(), 0.0);
  const auto tail = static_cast<std::size_t>(std::min(u, static_cast<double>(n * m) - u));
  const double below =
      std::accumulate(orders.begin(), orders.begin() + static_cast<std::ptrdiff_t>(tail) + 1, 0.0);
  return std::min(1.0, 2 * below / all);
}

double normal_p(double n, double m, const Ranks& ranks) {
  const double count = n + m;
  const double variance = n * m / 12 * (count + 1 - ranks.tie_term / (count * (count - 1)));
  if (variance <= 0) return 1;
  const double distance = std::max(0.0, std::abs(ranks.u - n * m / 2) - 0.5);
  return std::erfc(distance / std::sqrt(2 * variance));
}

}  // namespace

double mann_whitney_p(std::span<const double> before, std::span<const double> after) {
  if (before.empty() || after.empty()) return 1;
  const Ranks ranks = rank(before, after);
  const bool is_exact = ranks.tie_term == 0 && before.size() <= kExact && after.size() <= kExact;
  if (is_exact) return exact_p(before.size(), after.size(), ranks.u);
  return normal_p(static_cast<double>(before.size()), static_cast<double>(after.size()), ranks);
}

RatioEstimate ratio_of(std::span<const double> before, std::span<const double> after) {
  if (before.empty() || after.empty()) return {};
  std::vector<double> ratios;
  for (const double x : before) {
    for (const double y : after) ratios.push_back(y / x);
  }
  std::ranges::sort(ratios);
  const std::size_t count = ratios.size();
  const double middle =
      count % 2 == 1 ? ratios[count / 2] : std::sqrt(ratios[count / 2 - 1] * ratios[count / 2]);
  // The interval that leaves out the k smallest and k largest ratios holds unless U is below k or above n * m
  // - k.
  std::size_t left_out = 0;
  if (before.size() <= kExact && after.size() <= kExact) {
    const std::vector<double> orders = orders_by_u(before.size(), after.size());
    const double all = std::accumulate(orders.begin(), orders.end(), 0.0);
    double below = 0;
    while (2 * (below + orders[left_out]) / all <= kError) below += orders[left_out++];
  } else {
    const auto n = static_cast<double>(before.size()), m = static_cast<double>(after.size());
    const double bound = n * m / 2 - 1.96 * std::sqrt(n * m * (n + m + 1) / 12);
    left_out = bound > 0 ? static_cast<std::size_t>(bound) : 0;
  }
  // Too few samples: no interval excludes anything.
  if (left_out == 0) return {middle, 0, std::numeric_limits<double>::infinity()};
  return {middle, ratios[left_out - 1], ratios[count - left_out]};
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - rank) * p[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

}  // namespace lockstorm::reports
