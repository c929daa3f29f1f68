// What a few neighbouring states of the frontier lead to, between looking it up and storing it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/faults.hpp"
#include "sim/monitor.hpp"
#include "sim/state_set.hpp"

namespace lockstorm::sim {

/// A violating step: the state before it, and which step. `end`: the violation shows in the end state itself.
struct Finding {
  std::uint32_t state = 0;
  std::uint32_t step = 0;
  bool at_end = false;
};

template <int W>
struct FrontierBatch {
  static constexpr std::uint32_t kNoEdge = ~0U;

  /// A state that was not among the visited ones when it was looked up; it may be by the time it is stored.
  struct Fresh {
    Key<W> key;
    std::uint64_t hash;
    std::uint32_t parent;
    std::uint32_t edge;  ///< which of `edges` waits for its number
  };
  struct Violated {
    Violations properties;
    Finding by;
  };

  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< one past the end
  bool expanded = false;
  std::size_t transitions = 0;
  std::vector<Fresh> fresh;         ///< in order of steps
  std::vector<Violated> violated;   ///< the first of each property, in order
  Violations seen = 0;              ///< the properties among them
  std::vector<std::uint32_t> ends;  ///< states without a step
  std::array<std::uint64_t, kFaultKinds> fired{};
  // Only where hangs are looked for:
  std::vector<std::uint32_t> edges;  ///< states that faultless steps lead to, those of each state together
  std::vector<std::uint32_t> faultless;  ///< how many, per state
  std::vector<std::uint8_t> finishes;    ///< per state: an end, or out of time

  void begin() {
    expanded = false;
    transitions = 0;
    fresh.clear();
    violated.clear();
    seen = 0;
    ends.clear();
    fired = {};
    edges.clear();
    faultless.clear();
    finishes.clear();
  }

  /// Keeps a violation unless it is `known` or an earlier one here is of the same properties.
  void note(Violations properties, Violations known, const Finding& by) {
    properties = static_cast<Violations>(properties & ~(known | seen));
    if (properties == 0) return;
    seen = static_cast<Violations>(seen | properties);
    violated.push_back({properties, by});
  }
};

}  // namespace lockstorm::sim
