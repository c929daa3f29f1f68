#include "scenarios/data/chances.hpp"

#include <algorithm>
#include <cmath>

namespace lockstorm::scenarios {

double chance_of_one_run(const PctRuns& search, unsigned depth) {
  const double moments = search.steps * (search.faults > 0 ? 2.0 : 1.0);
  return std::ldexp(1.0 / search.processes, -static_cast<int>(search.faults)) *
         std::pow(1.0 / moments, static_cast<double>(depth) - 1);
}

double chance_missed(const PctRuns& search, unsigned depth) {
  double missed = 0;  // logarithm
  for (std::size_t d = depth; d < search.runs.size(); ++d)
    missed += static_cast<double>(search.runs[d]) *
              std::log1p(-chance_of_one_run(search, static_cast<unsigned>(d)));
  return std::exp(missed);
}

double rule_of_three(std::uint64_t runs) {
  return runs == 0 ? 1.0 : std::min(1.0, 3.0 / static_cast<double>(runs));
}

}  // namespace lockstorm::scenarios
