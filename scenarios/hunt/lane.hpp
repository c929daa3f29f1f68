// One of the independent parts of a campaign: its own strategies, its own memory of what was new.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/hunt/portfolio.hpp"
#include "scenarios/search/finish.hpp"
#include "scenarios/search/reached.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/run_shape.hpp"
#include "sim/run/sketch.hpp"
#include "sim/run/table_run.hpp"

namespace lockstorm::scenarios {

/// What a thread needs to make runs; results do not depend on it.
class HuntWorker {
 public:
  /// `max_bytes`: what the process may take, as long as these tables are what takes it.
  explicit HuntWorker(const World& world, std::size_t max_bytes = std::size_t{4} << 30U);

  sim::TableRun& runner() { return *runner_; }
  struct End {
    sim::Violations violations = 0;
    bool out_of_time = false;  ///< bounded time was over before everybody had finished
    std::uint64_t hash = 0;    ///< the same in every worker
  };
  /// The end that the last run came to.
  const End& check_end();
  /// Adds what was marked in its runs.
  void add_marks(Marks& marks) const;
  /// Whether everybody can still finish where the runner is, after these decisions.
  Finish can_finish(const sim::ChoiceStream& stream) { return finish_->from(*runner_, stream); }
  /// Hash of the current state as one sees it from outside: services, messages, what everybody waits for.
  std::uint64_t state_hash();
  std::uint64_t content_of(sim::ValueId id);
  /// Which requests of different processes follow each other at a service in the run.
  std::vector<std::uint16_t> pairs_of(const sim::ChoiceStream& stream);
  /// Starts with empty tables when they have grown too large.
  void tidy();
  /// Starts with empty tables, and gives the memory back.
  void give_back();

 private:
  void reset();
  [[nodiscard]] std::size_t entries() const;
  std::uint64_t hash_of_local(sim::LocalId id);

  const World& world_;
  std::size_t max_bytes_;
  std::size_t looked_at_ = 0;  ///< how many entries there were when memory was looked at
  std::unique_ptr<sim::StateTables> tables_;
  std::unique_ptr<sim::TableRun> runner_;
  std::unique_ptr<FinishSearch> finish_;
  sim::EndCheck end_check_;
  std::map<sim::EndState, End> ends_;
  Marks marks_;                          ///< of tables that were given up
  std::vector<std::uint64_t> contents_;  ///< [ValueId], 0: not known yet
  std::vector<std::uint64_t> locals_;    ///< [LocalId], likewise
};

/// A run in which something was violated.
struct HuntFind {
  std::uint64_t run = 0;  ///< number within its lane
  std::string strategy;
  std::string drawn;
  checkers::PropertySet violations;
  sim::Schedule schedule;
};

/// What lanes count; those of several join.
struct HuntCounts {
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t cut_off = 0;    ///< runs that had not ended after the most steps a run may have
  std::uint64_t undecided = 0;  ///< of these, how many may hang or not: too many states to tell
  std::uint64_t violating = 0;
  std::uint64_t out_of_time = 0;  ///< runs that ended because bounded time was over
  Marks marks;                    ///< what processes have marked in some run
  std::array<std::uint64_t, sim::kFaultKinds> fired{};
  sim::DistinctCount ends;
  sim::DistinctCount states;                ///< of every sixteenth run
  std::vector<std::uint64_t> runs_of;       ///< [strategy]
  std::vector<std::uint64_t> violating_of;  ///< [strategy]

  void join(const HuntCounts& other);
  /// Runs that were seen to their end.
  [[nodiscard]] std::uint64_t seen_through() const { return runs - cut_off; }
};

/// Lanes of every campaign, whatever the number of threads and shards.
inline constexpr unsigned kLanes = 16;

class Lane {
 public:
  /// The number decides everything that is drawn in it, with the campaign's seed. `timed` outlives it.
  Lane(std::uint64_t seed, unsigned number, const std::vector<std::string>& strategies,
       const TimedHunt* timed = nullptr);
  Lane(const Lane&) = delete;  // strategies refer to the pool
  Lane& operator=(const Lane&) = delete;

  /// Runs that feedback may go on from, from the start.
  void seed(const std::vector<sim::ChoiceStream>& streams);
  /// Makes the next `runs` runs. `wanted`: properties that count.
  void run(HuntWorker& worker, const sim::WorldSpec& spec, const sim::RunShape& shape, std::uint64_t runs,
           sim::Violations wanted);

  [[nodiscard]] const HuntCounts& counts() const { return counts_; }
  /// The first run that violated each set of properties.
  [[nodiscard]] const std::vector<HuntFind>& finds() const { return finds_; }
  /// Runs worth keeping: each did something that none before it did.
  [[nodiscard]] const sim::StreamPool& pool() const { return pool_; }

 private:
  sim::Violations hang_of(HuntWorker& worker, const sim::ChoiceStream& stream, sim::Violations wanted);

  static constexpr std::size_t kPairs = std::size_t{1} << 16U;
  static constexpr std::size_t kMaxPool = 256;

  std::uint64_t seed_;
  unsigned number_;
  sim::StreamPool pool_;
  Portfolio portfolio_;
  std::bitset<kPairs> pairs_;
  HuntCounts counts_;
  std::vector<HuntFind> finds_;
  boost::unordered_flat_map<sim::Violations, std::size_t> found_;
};

}  // namespace lockstorm::scenarios
