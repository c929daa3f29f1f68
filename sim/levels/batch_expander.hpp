// What a few neighbouring states of a level lead to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/explore/fewest_events.hpp"
#include "sim/explore/packed_world.hpp"
#include "sim/faults.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {

/// A violation: the state before the step, or, `at_end`, the one that shows it; states are numbered in the
/// order in which one thread alone would find them, breadth first.
struct FarPlace {
  std::uint64_t state = 0;
  std::uint32_t step = 0;
  bool at_end = false;
  friend auto operator<=>(const FarPlace&, const FarPlace&) = default;
};

/// The first violation of each property, and with how few adverse events each is violated.
struct FarViolations {
  Violations violated = 0;
  std::array<std::optional<FarPlace>, 16> first;
  FewestEvents fewest;

  void note(Violations properties, unsigned adverse_events, const FarPlace& by);
  void add(const FarViolations& other);
};

template <int W>
struct ExpandedBatch {
  struct Successor {
    Key<W> key;                ///< canonical
    std::uint32_t parent = 0;  ///< its place among the states that were expanded
  };
  std::vector<Successor> successors;  ///< in order of steps
  std::vector<std::uint32_t> ends;    ///< places of states without a step
  std::array<std::uint64_t, kFaultKinds> fired{};
  FarViolations violations;
};

/// Looks up, and extends, the tables of its own.
template <int W>
class BatchExpander {
 public:
  BatchExpander(StateTables& tables, const AnyMonitor& monitor, bool symmetry, bool reduction)
      : world_(tables, monitor, symmetry), reduction_(reduction) {}

  /// All steps of states that are numbered from `first` on. Tables that are frozen and do not know enough
  /// throw Unready.
  void expand(std::span<const Key<W>> states, std::uint64_t first, ExpandedBatch<W>& batch);
  /// Where steps without a fault lead. False: it needs none to be finished, for nothing can happen any more,
  /// or only because time is over.
  bool faultless(const Key<W>& state, std::vector<Key<W>>& successors);
  [[nodiscard]] PackedWorld<W>& world() { return world_; }

 private:
  PackedWorld<W> world_;
  bool reduction_;
};

}  // namespace lockstorm::sim
