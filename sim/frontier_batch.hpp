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

  /// Where a step leads. Kept of those that were not among the visited states when they were looked up; they
  /// may be by the time they are stored.
  struct Successor {
    Key<W> key;
    std::uint64_t hash = 0;
    std::uint32_t parent = 0;
    std::uint32_t candidate = 0;   ///< state that it probably is
    std::uint32_t edge = kNoEdge;  ///< which of `edges` is to name it
  };
  struct Violated {
    Violations properties;
    Finding by;
  };

  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< one past the end
  bool expanded = false;
  std::size_t transitions = 0;
  std::uint32_t edge_count = 0;       ///< faultless steps
  std::vector<Successor> successors;  ///< in order of steps
  std::vector<Violated> violated;     ///< the first of each property, in order
  Violations seen = 0;                ///< the properties among them
  std::vector<std::uint32_t> ends;    ///< states without a step
  std::array<std::uint64_t, kFaultKinds> fired{};
  // Only where hangs are looked for:
  std::vector<std::uint32_t> edges;      ///< states that they lead to, those of each state together
  std::vector<std::uint32_t> faultless;  ///< how many, per state
  std::vector<std::uint8_t> finishes;    ///< per state: an end, or out of time

  void begin() {
    expanded = false;
    transitions = 0;
    edge_count = 0;
    successors.clear();
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
