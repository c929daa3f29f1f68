// Exhaustive verification of one scenario: a proof within its bounds or a shortest counterexample per
// property.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/search/verify_result.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explore_options.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

struct LevelsOnDisk;  // levels_on_disk.hpp

struct VerifyOptions {
  std::size_t max_bytes = std::size_t{4} << 30U;  ///< what the process may take for it
  std::size_t program_bytes = 0;  ///< of these, what the process takes besides what is searched
  /// Works out of each counterexample its decisive moment, and which clients it does not need.
  bool explain = true;
  bool fingerprint = false;  ///< of the reachable set, for a certificate
  /// How many mechanisms of a violated property are looked for: none but the simplest, all so as to name
  /// them, or all with a counterexample each.
  enum class Mechanisms : std::uint8_t { simplest, named, told } mechanisms = Mechanisms::simplest;
  /// How many threads may share the work on one space: those of an enclosing sim::run_parallel, when idle.
  unsigned threads = 1;
  /// Where a large world keeps its levels, on which all members of a search work; only the first of them
  /// tells what was found. Throws sim::LevelFolderRefused.
  const LevelsOnDisk* on_disk = nullptr;
};

/// Explores every reachable state of the scenario. Throws sim::BrokenPromise when a model forgets too much.
VerifyResult verify(const Scenario& scenario, const VerifyOptions& options);
/// The same for a world that was built from it, or is to stand for it.
VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options);

struct Refutation {
  Verdict verdict = Verdict::unknown;  ///< held, violated, or unknown: there are too many states
  std::size_t states = 0;
};

/// Whether some run violates the property; visits at most about `max_states` states.
Refutation refute(const World& world, checkers::Property property, std::size_t max_states);

struct ShortestSearch {
  bool complete = false;  ///< no schedule: there is none
  /// One that violates the property with as few adverse events, and then in as few steps, as possible.
  std::optional<sim::Schedule> schedule;
  unsigned adverse_events = 0;
};

/// Looks for the violation of one property with the fewest adverse events, `max_adverse_events` at the most,
/// and of these for the shortest; visits at most about `max_states` states at a time.
ShortestSearch find_shortest(const World& world, checkers::Property property, std::size_t max_states,
                             unsigned max_adverse_events = sim::ExploreOptions::kAnyNumber);

/// Number of the step after which a violation could not be avoided any more; 0 where the search for a way out
/// grows too large.
std::size_t find_decisive_step(const World& world, checkers::Property property,
                               const sim::Schedule& schedule);

}  // namespace lockstorm::scenarios
