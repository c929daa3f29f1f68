// Exhaustive searches of one world that share what they have looked up, on keys as narrow as the world
// allows.
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>

#include "checkers/properties.hpp"
#include "scenarios/reached.hpp"
#include "scenarios/world.hpp"
#include "sim/explorer.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

/// Throws sim::LimitExceeded where the engine cannot do what it would take: sim::KeyTooNarrow where even the
/// widest keys do not do, sim::AutomatonTooLarge where a process has no end of futures. Not thread-safe.
class WorldSearch {
 public:
  explicit WorldSearch(const World& world)
      : world_(world), tables_(world.spec, sim::Automaton::Mode::compressed) {}

  /// Explores until the alphabets the automata were merged under have stopped growing.
  sim::ExploreResult explore(const sim::ExploreOptions& options);
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

  /// Number (from 1) of the first step of `schedule` after which every continuation violates the property; 0
  /// if the search for a way out grew too large to be sure.
  std::size_t decisive_step(checkers::Property property, const sim::Schedule& schedule);

 private:
  sim::ExploreResult explore_once(const sim::ExploreOptions& options);

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
  int words_ = 2;  ///< of a key; a single one does where it is known how much there is to tell apart
};

}  // namespace lockstorm::scenarios
