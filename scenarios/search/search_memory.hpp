// What searches that are bounded in states take of the memory that the user allows.
#pragma once

#include <algorithm>
#include <cstddef>

namespace lockstorm::scenarios {

/// A state with its steps and its place in the index, rounded up: `hunt --memory 64M` peaked at 50 MB.
inline constexpr std::size_t kBytesOfAState = 128;

/// How many states a search may visit in so much memory: `most`, or fewer.
inline std::size_t states_within(std::size_t bytes, std::size_t most) {
  return std::clamp<std::size_t>(bytes / kBytesOfAState, 1, most);
}

}  // namespace lockstorm::scenarios
