// What a search that proves nothing has looked at: a campaign of random runs, or a single run.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/data/chances.hpp"

namespace lockstorm::scenarios {

struct Searched {
  std::uint64_t runs = 0;
  std::uint64_t seen_through = 0;  ///< of these, to their end
  PctRuns pct;                     ///< what the chance that all of them missed a bug follows from
  unsigned depth = 3;              ///< of the bug that is asked about
  std::optional<unsigned> part;    ///< of a campaign, from 0; unset: it is the whole
  unsigned parts = 1;              ///< that the campaign was made in
  std::vector<unsigned> missing;   ///< parts of a campaign that was joined without them, from 0
};

}  // namespace lockstorm::scenarios
