// Where an exploration has come across a violation.
#pragma once

#include <cstdint>

namespace lockstorm::sim {

/// A violating step: the state before it, and which step. `end`: the violation shows in the end state itself.
struct ViolationPlace {
  std::uint32_t state = 0;
  std::uint32_t step = 0;
  bool at_end = false;
};

}  // namespace lockstorm::sim
