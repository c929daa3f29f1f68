// What a few neighbouring states of the frontier lead to, between looking it up and storing it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/explore/fewest_events.hpp"
#include "sim/explore/state_set.hpp"
#include "sim/explore/survey.hpp"
#include "sim/explore/violation_place.hpp"
#include "sim/faults.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {

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
    ViolationPlace by;
    unsigned adverse_events = 0;
  };

  /// Of a survey.
  struct Surveyed {
    ViolatingStep step;
    Spent spent;
    ViolationPlace by;
  };

  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< one past the end
  bool expanded = false;
  std::size_t transitions = 0;
  std::uint32_t edge_count = 0;       ///< faultless steps
  std::vector<Successor> successors;  ///< in order of steps
  std::vector<Violated> violated;     ///< per property the first, and each with fewer adverse events
  FewestEvents fewest;                ///< of those
  std::vector<Surveyed> surveyed;     ///< every violation that a survey asks for
  std::vector<std::uint32_t> ends;    ///< states without a step
  bool held_back = false;             ///< some step was not taken: one adverse event too many
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
    fewest = {};
    surveyed.clear();
    ends.clear();
    held_back = false;
    fired = {};
    edges.clear();
    faultless.clear();
    finishes.clear();
  }

  /// Keeps a violation unless `known` ones and earlier ones here need no more adverse events.
  void note(Violations properties, unsigned adverse_events, const FewestEvents& known,
            const ViolationPlace& by) {
    properties = fewest.improved(known.improved(properties, adverse_events), adverse_events);
    if (properties == 0) return;
    fewest.note(properties, adverse_events);
    violated.push_back({properties, by, adverse_events});
  }
};

}  // namespace lockstorm::sim
