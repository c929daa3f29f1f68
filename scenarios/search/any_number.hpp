// Whether what holds for two, three and four equal jobs holds for every number of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkers/properties.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/search/verify_result.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/views.hpp"

namespace lockstorm::scenarios {

struct AnyNumberOptions {
  std::size_t max_views = 400'000;  ///< about a kilobyte each, with what is looked up
  /// For each number of jobs that is tried where there is no proof.
  std::size_t max_states = 4'000'000;
};

/// What became of one property.
struct AnyNumberVerdict {
  checkers::Property property{};
  bool held = false;         ///< for any number of jobs
  unsigned held_up_to = 0;   ///< not held: it is, for that many jobs; 0: nothing is known
  unsigned violated_by = 0;  ///< it is violated by that many jobs; 0: nobody has shown that
  /// Where the abstraction allows a violation, as text for people: who acts, beside whom.
  std::string too_coarse;
};

/// A world with room for the names that views need, what was searched in it, and what was found.
struct AnyNumberResult {
  std::string why_not;  ///< nothing was tried, or the search ended early; empty: the views are closed
  std::vector<AnyNumberVerdict> properties;
  std::size_t views = 0;
  std::size_t steps = 0;
  std::string certificate;  ///< for `scripts/check-views`; empty where nothing is held
};

/// The properties that views can tell of: those that a step violates, whatever anybody remembers of the
/// state.
inline constexpr checkers::PropertySet kAnyNumberProperties{checkers::Property::mutual_exclusion,
                                                            checkers::Property::exclusive_effects,
                                                            checkers::Property::own_lock_only};

/// Tries to prove each of them that the scenario checks. Throws sim::BrokenPromise as `verify` does.
AnyNumberResult prove_for_any_number(const Scenario& scenario, const AnyNumberOptions& options = {});

/// The world that views are searched in, and its search; for tests.
struct AnyNumberWorld {
  std::string why_not;  ///< views say nothing of such a scenario; the others are null then
  std::unique_ptr<World> world;
  std::unique_ptr<sim::StateTables> tables;
  std::unique_ptr<sim::ViewSearch> search;
};
AnyNumberWorld any_number_world(const Scenario& scenario, const AnyNumberOptions& options = {});

}  // namespace lockstorm::scenarios
