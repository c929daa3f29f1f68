// Visits every reachable state of a world, breadth first, and remembers how each was reached.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sim/explore/explore_options.hpp"
#include "sim/explore/frontier_batch.hpp"
#include "sim/explore/packed_world.hpp"
#include "sim/explore/parallel.hpp"
#include "sim/limits.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::sim {

/// W: words a state is packed into: 1, 2 or 4.
template <int W>
class Explorer {
 public:
  using StateKey = Key<W>;

  Explorer(StateTables& tables, const AnyMonitor& monitor, EndCheck end_check, ExploreOptions options)
      : tables_(tables),
        world_(tables, monitor, options.symmetry),
        end_check_(std::move(end_check)),
        options_(options),
        set_(options.max_states) {
    const std::size_t threads = std::min(options.threads, kMostThreads);
    const std::size_t lanes = threads > 1 ? threads * kLanesOfAThread : 1;
    for (std::size_t i = 0; i < lanes; ++i) lanes_.emplace_back(tables, monitor, options.symmetry);
  }

  /// Explores; call once.
  ExploreResult run();

  /// The schedule that leads to a finding, its last step included.
  Schedule schedule_to(const ViolationPlace& finding);

  /// Every distinct end state (services, statuses, outcomes, flags), sorted; only meaningful after a complete
  /// run.
  [[nodiscard]] const std::map<EndState, Violations>& end_states() const { return ends_; }

 private:
  using Batch = FrontierBatch<W>;
  /// Where one thread at a time expands states: a batch after the other.
  struct Lane {
    explicit Lane(StateTables& tables, const AnyMonitor& monitor, bool symmetry)
        : world(tables, monitor, symmetry) {}
    PackedWorld<W> world;  // looks up, and remembers by itself
    std::vector<Batch> batches;
    std::size_t planned = 0;  ///< how many of the batches are in use
  };
  static constexpr std::size_t kBatch = 24;           ///< states whose cache misses overlap
  static constexpr std::size_t kBatchesOfALane = 64;  ///< before what they found is merged
  static constexpr std::size_t kLanesOfAThread = 4;   ///< so that no thread waits long for the slowest
  static constexpr unsigned kMostThreads = 64;
  static constexpr std::size_t kLookEvery = 1024;   ///< states, at how large the tables are
  static constexpr std::size_t kWorthSharing = 32;  ///< batches; waking a thread takes some microseconds

  void note(Violations properties, unsigned adverse_events, const ViolationPlace& by) {
    result_.fewest.note(properties, adverse_events);
    result_.violated = static_cast<Violations>(result_.violated | properties);
    for (unsigned property = 0; properties != 0;
         ++property, properties = static_cast<Violations>(properties >> 1U)) {
      std::optional<ViolationPlace>& first = result_.first[property];
      if ((properties & 1U) != 0 &&
          (!first || std::tie(by.state, by.step) < std::tie(first->state, first->step)))
        first = by;
    }
  }
  void plan(std::size_t head, std::size_t end);
  void expand_in_parallel();
  void expand(Lane& lane, Batch& batch) const;
  void take_steps(Lane& lane, Batch& batch, std::uint32_t number) const;
  void merge(Batch& batch);
  void check_room();
  void give_up(std::string why);
  void find_hangs();
  /// Whether a step into that state is one adverse event too many.
  [[nodiscard]] bool is_too_adverse(const PackedWorld<W>& world, const StateKey& next) const {
    return options_.max_adverse_events != ExploreOptions::kAnyNumber &&
           world.adverse_events(next) > options_.max_adverse_events;
  }
  [[nodiscard]] bool looks_for_hangs() const { return options_.hang_property != kUnknown; }
  void check_end(std::uint32_t number);
  [[nodiscard]] Violations surveyed_property() const {
    return options_.survey == nullptr ? Violations{0}
                                      : static_cast<Violations>(1U << options_.survey->property);
  }
  struct TakenStep {
    Slot slot = 0;
    std::uint16_t move = 0;
    unsigned alternative = 0;
  };
  [[gnu::noinline]] void note_violations(Lane& lane, Batch& batch, const ViolationPlace& by,
                                         const StateKey& next, Violations violations,
                                         const TakenStep& taken) const;
  [[nodiscard]] ViolatingStep violating_step(const StateKey& key, const TakenStep& taken) const;
  void note_event(EventId event, const Spent& spent, const ViolationPlace& by);

  StateTables& tables_;
  PackedWorld<W> world_;
  EndCheck end_check_;
  ExploreOptions options_;
  StateSet<W> set_;
  GrowingArray<std::uint32_t> parents_;
  // Only where hangs are looked for: the faultless edges, those of each state together.
  GrowingArray<std::uint32_t> edges_;       ///< states they lead to
  GrowingArray<std::uint64_t> first_edge_;  ///< of each state, into edges_
  std::vector<bool> finishes_;              ///< an end, or out of time, when nobody can be blamed for waiting
  std::deque<Lane> lanes_;                  // a world cannot be moved
  std::map<EndState, Violations> ends_;
  std::size_t table_bytes_ = 0;       ///< when they were looked at
  std::size_t tables_looked_at_ = 0;  ///< with so many states
  ExploreResult result_;
};

}  // namespace lockstorm::sim
