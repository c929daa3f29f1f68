// Whether anything bounds how often a job that waits for the lock is overtaken, as the explorer knows it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "sim/explore/overtaking.hpp"

namespace lockstorm::scenarios {

/// One request of the circle that matters, or several alike in a row.
struct CircleStep {
  enum class What : std::uint8_t {
    waiter_in_vain,  ///< the job that waits asks for the lock
    other_granted,   ///< another job takes it
    other_released,  ///< another job gives it back
  };
  What what = What::waiter_in_vain;
  std::string operation;  ///< the API's name of the request
};

/// What every run of two jobs comes to, one that waits and one beside it, whatever their speed, without
/// faults.
struct OvertakingProof {
  /// The other one runs the scenario's own commands so many times, of which `most` begin and are granted the
  /// lock while the first one waits. Nothing where that is not known.
  struct Counted {
    unsigned jobs = 0;
    unsigned most = 0;
    friend bool operator==(const Counted&, const Counted&) = default;
  };
  std::vector<Counted> counted;

  /// Where it plans, one job after the other for ever.
  sim::Overtaking::Answer for_ever = sim::Overtaking::Answer::unknown;
  std::size_t states = 0;  ///< of that world
  unsigned most = 0;       ///< where it is bounded
  std::size_t steps_before = 0;
  std::size_t steps_around = 0;    ///< of the circle
  std::vector<CircleStep> circle;  ///< what matters of it
};

/// Jobs beside the one that waits, at most.
inline constexpr unsigned kMostCountedJobs = 6;

/// Nothing where no job of the scenario's first fleet waits for a lock, or where a group keeps jobs apart.
std::optional<OvertakingProof> prove_overtaking(const Scenario& scenario, std::size_t max_states);

}  // namespace lockstorm::scenarios
