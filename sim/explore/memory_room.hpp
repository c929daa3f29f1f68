// What of the memory that a search may take is left for its states, and what is said where that is too
// little.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "sim/explore/explore_options.hpp"

namespace lockstorm::sim {

/// `besides`: what the process takes for other things; see ExploreOptions::max_bytes.
inline std::size_t room_for_states(std::size_t max_bytes, std::size_t besides) {
  const std::size_t left = max_bytes - std::min(besides, max_bytes);
  return std::max(left, std::min(max_bytes, ExploreOptions::kLeastBytes));
}

inline std::string beyond_memory(std::size_t max_bytes, std::size_t states) {
  return "the state space is larger than the memory bound of " + std::to_string(max_bytes >> 20U) + " MiB (" +
         std::to_string(states) + " states visited)";
}

}  // namespace lockstorm::sim
