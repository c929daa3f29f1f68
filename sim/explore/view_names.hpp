// Names of processes in views: what views.cpp and view_names.cpp share.
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>

#include "sim/explore/views.hpp"
#include "sim/limits.hpp"

namespace lockstorm::sim {

/// Views would need more than the search keeps; says what.
struct TooMuch : LimitExceeded {
  using LimitExceeded::LimitExceeded;
};

inline SlotPermutation nobody_moves() {
  SlotPermutation map;
  std::iota(map.to.begin(), map.to.end(), std::uint8_t{0});
  return map;
}

inline SlotPermutation swapped(Slot one, Slot other) {
  SlotPermutation map = nobody_moves();
  std::swap(map.to[one], map.to[other]);
  return map;
}

/// What is left of a view where nobody looks: the services.
inline View without_process(const View& view) {
  View services = view;
  services.local = kUnknown;
  services.others = 0;
  return services;
}

}  // namespace lockstorm::sim
