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

#include "sim/frontier_batch.hpp"
#include "sim/limits.hpp"
#include "sim/packed_world.hpp"
#include "sim/parallel.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::sim {

struct ExploreOptions {
  bool symmetry = true;
  bool reduction = true;   ///< local-step reduction; off: shortest schedules are shortest of all
  Violations stop_at = 0;  ///< stop at the first violation of any of these
  std::size_t max_states = std::size_t{1} << 28U;
  /// What the process may take for it. A search gets `kLeastBytes` for its states, or `max_bytes` if that is
  /// less, whatever else there is.
  std::size_t max_bytes = std::size_t{8} << 30U;
  std::size_t program_bytes = 0;  ///< of these, what the process takes besides states and tables
  static constexpr std::size_t kLeastBytes = std::size_t{4} << 20U;
  std::uint32_t hang_property =
      kUnknown;              ///< property violated by states from which nobody can finish any more
  bool fingerprint = false;  ///< of the reachable set
  /// How many threads share the work: the calling one and those of the enclosing `run_parallel` that are
  /// idle. The result is the same, to the numbering of states.
  unsigned threads = 1;
  /// Runs with more adverse events than that are not looked at (PackedWorld::adverse_events).
  unsigned max_adverse_events = kAnyNumber;
  static constexpr unsigned kAnyNumber = ~0U;
  /// Asks for every way to violate one property; nothing else is judged then. It outlives the exploration.
  const Survey* survey = nullptr;
};

struct ExploreResult {
  bool complete = false;
  std::string why_incomplete;
  bool out_of_memory = false;  ///< why it is incomplete
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t end_states = 0;
  std::size_t cut_off = 0;  ///< of these, where bounded time was over before everybody had finished
  std::size_t depth = 0;
  std::size_t memory_bytes = 0;
  /// Of the set of states that were reached, as this version numbers what they consist of; 0: not asked for.
  std::uint64_t fingerprint = 0;
  std::array<std::uint64_t, kFaultKinds> fired{};
  Violations violated = 0;
  std::array<std::optional<Finding>, 16> first;   ///< per property, the one reached in fewest steps
  FewestEvents fewest;                            ///< to violate each property, by a step or at an end
  unsigned fewest_to_hang = FewestEvents::kNone;  ///< to a state from which nobody can finish any more
  bool held_back = false;                         ///< some step was one adverse event too many and not taken
  SurveyedEvents surveyed;                        ///< what a survey that wants nothing special has found
};

/// W: words a state is packed into. M: the monitors carried in the state.
template <int W, Monitor M>
class Explorer {
 public:
  using StateKey = Key<W>;

  Explorer(StateTables& tables, const M& monitor, EndCheck end_check, ExploreOptions options)
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
  Schedule schedule_to(const Finding& finding);

  /// Every distinct end state (services, statuses, outcomes, flags), sorted; only meaningful after a complete
  /// run.
  [[nodiscard]] const std::map<EndState, Violations>& end_states() const { return ends_; }

 private:
  using Batch = FrontierBatch<W>;
  /// Where one thread at a time expands states: a batch after the other.
  struct Lane {
    explicit Lane(StateTables& tables, const M& monitor, bool symmetry) : world(tables, monitor, symmetry) {}
    PackedWorld<W, M> world;  // looks up, and remembers by itself
    std::vector<Batch> batches;
    std::size_t planned = 0;  ///< how many of the batches are in use
  };
  static constexpr std::size_t kBatch = 24;           ///< states whose cache misses overlap
  static constexpr std::size_t kBatchesOfALane = 64;  ///< before what they found is merged
  static constexpr std::size_t kLanesOfAThread = 4;   ///< so that no thread waits long for the slowest
  static constexpr unsigned kMostThreads = 64;
  static constexpr std::size_t kLookEvery = 1024;   ///< states, at how large the tables are
  static constexpr std::size_t kWorthSharing = 32;  ///< batches; waking a thread takes some microseconds

  void note(Violations properties, unsigned adverse_events, const Finding& by) {
    result_.fewest.note(properties, adverse_events);
    result_.violated = static_cast<Violations>(result_.violated | properties);
    for (unsigned property = 0; properties != 0;
         ++property, properties = static_cast<Violations>(properties >> 1U)) {
      std::optional<Finding>& first = result_.first[property];
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
  [[nodiscard]] bool is_too_adverse(const PackedWorld<W, M>& world, const StateKey& next) const {
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
  [[gnu::noinline]] void note_violations(Lane& lane, Batch& batch, const Finding& by, const StateKey& next,
                                         Violations violations, const TakenStep& taken) const;
  [[nodiscard]] ViolatingStep violating_step(const StateKey& key, const TakenStep& taken) const;
  void note_event(EventId event, const Spent& spent, const Finding& by);

  StateTables& tables_;
  PackedWorld<W, M> world_;
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

#include "sim/explorer.ipp"
