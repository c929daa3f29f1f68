// Exhaustive searches of one world that share what they have looked up, on keys as narrow as the world
// allows.
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "checkers/properties.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/search/reached.hpp"
#include "scenarios/story/mechanism.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

struct LevelsOnDisk;  // levels_on_disk.hpp

/// Throws sim::LimitExceeded where the engine cannot do what it would take: sim::KeyTooNarrow where even the
/// widest keys do not do, sim::AutomatonTooLarge where a process has no end of futures. Not thread-safe.
class WorldSearch {
 public:
  explicit WorldSearch(const World& world)
      : world_(world),
        tables_(world.spec, sim::Automaton::Mode::compressed),
        names_(world, tables_.values()) {}

  /// Explores until the alphabets the automata were merged under have stopped growing. `keep_runs`: see
  /// `found`.
  /// `on_disk`: where the world is too large to be visited at once, its levels go there, and every run is
  /// kept.
  sim::ExploreResult explore(const sim::ExploreOptions& options, bool keep_runs = false,
                             const LevelsOnDisk* on_disk = nullptr);
  /// A run that the last exploration found to violate the property, any that needs fewest steps of those that
  /// it looks at: it may have more adverse events than the shortest. Nothing where none was kept.
  [[nodiscard]] const std::optional<sim::Schedule>& found(checkers::Property property) const {
    return found_[property];
  }
  /// What commands have come to in the searches so far.
  [[nodiscard]] std::vector<CommandReached> reached() const;
  [[nodiscard]] sim::PromiseSample promise_sample() const { return tables_.promise_sample(); }

  struct Shortest {
    std::optional<sim::Schedule> schedule;
    bool out_of_memory = false;
  };
  /// With how few adverse events the property is violated, as a whole exploration has found it.
  struct Fewest {
    unsigned events = 0;
    bool at_hang = false;  ///< also by a state from which nobody can finish any more
  };
  static Fewest fewest(const sim::ExploreResult& explored, checkers::Property property);
  /// Of the schedules that violate the property with that few adverse events the shortest: no local-step
  /// reduction, so that no step is taken early.
  Shortest shortest(sim::ExploreOptions options, checkers::Property property, const Fewest& fewest);

  /// Every event that violates the property, with every smallest adversity that it is reached with, the
  /// simplest first.
  struct Surveyed {
    bool complete = false;
    std::vector<Mechanism> mechanisms;
    std::vector<std::pair<sim::EventId, sim::Spent>> keys;  ///< of each mechanism, for `shortest_to`
  };
  Surveyed survey(sim::ExploreOptions options, checkers::Property property);
  /// Of the schedules that reach a mechanism with no more adversity than that, the shortest.
  Shortest shortest_to(sim::ExploreOptions options, checkers::Property property,
                       const std::pair<sim::EventId, sim::Spent>& key);

  /// See scenarios::decisive_step (decisive.hpp).
  std::size_t decisive_step(checkers::Property property, const sim::Schedule& schedule,
                            std::size_t max_states = limits::kDecisiveStates);

 private:
  struct Passes;  // over levels on disk
  sim::ExploreResult explore_levels(const sim::ExploreOptions& options, const Passes& passes);
  sim::ExploreResult explore_once(const sim::ExploreOptions& options, bool keep_runs);
  Shortest shortest_by(const sim::ExploreOptions& options, checkers::Property property);
  sim::Survey survey_of(checkers::Property property);

  // Calls `use(words)`, with more words from then on where those were too few.
  template <class Use>
  auto with_keys(const Use& use) {
    if (words_ == 1) {
      try {
        return use(std::integral_constant<int, 1>{});
      } catch (const sim::KeyTooNarrow&) {
        words_ = 2;
      }
    }
    if (words_ == 2) {
      try {
        return use(std::integral_constant<int, 2>{});
      } catch (const sim::KeyTooNarrow&) {
        words_ = 4;
      }
    }
    return use(std::integral_constant<int, 4>{});
  }

  const World& world_;
  sim::StateTables tables_;
  EventNames names_;
  checkers::PerProperty<std::optional<sim::Schedule>> found_;
  int words_ = 2;  ///< of a key; a single one does where it is known how much there is to tell apart
};

}  // namespace lockstorm::scenarios
