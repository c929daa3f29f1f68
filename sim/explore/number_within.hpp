// Numbers of states in a set that may not grow beyond its bound.
#pragma once

#include <cstdint>

#include "sim/explore/state_set.hpp"

namespace lockstorm::sim {

/// The number of the state, which is inserted where it is new; StateSet::kAbsent where there is no room for
/// it.
template <int W>
std::uint32_t number_within(StateSet<W>& set, const Key<W>& key) {
  return set.full() ? set.find(key) : set.insert(key, hash_key(key)).first;
}

}  // namespace lockstorm::sim
