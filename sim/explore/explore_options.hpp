// What an exploration is asked, and what it answers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/explore/fewest_events.hpp"
#include "sim/explore/survey.hpp"
#include "sim/explore/violation_place.hpp"
#include "sim/faults.hpp"
#include "sim/limits.hpp"

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
  std::array<std::optional<ViolationPlace>, 16> first;  ///< per property, the one reached in fewest steps
  FewestEvents fewest;                                  ///< to violate each property, by a step or at an end
  unsigned fewest_to_hang = FewestEvents::kNone;        ///< to a state from which nobody can finish any more
  bool held_back = false;   ///< some step was one adverse event too many and not taken
  SurveyedEvents surveyed;  ///< what a survey that wants nothing special has found
};

}  // namespace lockstorm::sim
