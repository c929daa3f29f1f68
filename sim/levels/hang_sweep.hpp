// Which states of a search hang: no run without further faults finishes from them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/levels/batch_expander.hpp"
#include "sim/levels/compact_set.hpp"
#include "sim/levels/exchange.hpp"
#include "sim/levels/level_store.hpp"

namespace lockstorm::sim {

/// Exact, and without the graph: levels are expanded once more, the last one first, and a state that leads to
/// one that finishes is marked in the set; what is not marked is looked at again until nothing changes
/// (explorer.md 5c).
template <int W>
class HangSweep {
 public:
  struct Hangs {
    std::optional<std::uint64_t> first;  ///< the lowest number of a state that hangs
    unsigned fewest_events = FewestEvents::kNone;
  };

  HangSweep(BatchExpander<W>& expander, CompactSet<W>& set, const LevelStore<W>& store, Exchange& exchange)
      : expander_(expander), set_(set), store_(store), exchange_(exchange) {}

  /// Every member calls it; `on_level`: one has been looked at again.
  void run(const std::function<void(std::size_t)>& on_level);
  /// Afterwards.
  [[nodiscard]] Hangs hangs();

 private:
  /// One state of the block that is looked at.
  struct Waiting {
    std::size_t place = 0;       ///< in the block
    std::size_t successors = 0;  ///< how many of those that are asked for are its
  };
  /// Which states of one file finish.
  struct Share {
    LevelShare where;
    std::vector<bool> finishes;
  };

  bool sweep(std::size_t level);
  std::uint64_t look_at(std::span<const Key<W>> keys, Share& share, std::size_t place);

  BatchExpander<W>& expander_;
  CompactSet<W>& set_;
  const LevelStore<W>& store_;
  Exchange& exchange_;
  std::vector<std::vector<Share>> shares_;  ///< [level]
  std::vector<std::uint64_t> waiting_;  ///< [level]: how many states, of all members, are not known to finish
};

}  // namespace lockstorm::sim
