// Worlds of the jobs that a pipeline lets meet at a state: a plan beside an apply, a destroy beside an
// import, two applies with other flags, each with the misfortunes that its own job is exposed to, and with
// what removes locks beside them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/pipeline/hazards.hpp"
#include "scenarios/pipeline/job_fleet.hpp"

namespace lockstorm::scenarios::pipeline {

/// What removes a lock while two jobs are at work.
struct JobUnlock {
  std::size_t job = 0;  ///< of Pipeline::jobs
  SourceLocation where;
  std::string written;
  models::UnlockTarget target{};  ///< whose
};

/// Two jobs that can be at one state at once.
struct JobMeeting {
  std::array<JobFleet, 2> jobs;  ///< alike where two runs of one job meet
  std::optional<JobUnlock> unlock;
  /// Each job's command, why nothing keeps them apart, and what removes the lock.
  std::vector<Cause> causes;
  std::size_t state = 0;  ///< of the set-up's states
};

/// One world for all meetings that come to the same.
struct JobWorld {
  std::size_t set_up = 0;            ///< of the inventory's
  std::vector<JobMeeting> meetings;  ///< at least one; in the order of states and jobs
  std::vector<Scenario> scenarios;   ///< in order of rising number of adverse events

  [[nodiscard]] bool involves(std::size_t job) const;
  /// Both jobs of each meeting change the state.
  [[nodiscard]] bool are_writers() const;
};

/// Worlds that are worth an audit's time; what is left out is counted.
struct JobWorlds {
  std::vector<JobWorld> worlds;
  std::size_t left_out = 0;
};

/// For each state the pairs of jobs of different kinds that nothing in the files keeps apart, at least one of
/// which changes the state; and pairs of one kind, where that does not simply apply. Two runs that simply
/// apply are what an audit of the set-up is about.
[[nodiscard]] JobWorlds job_worlds(const Pipeline& pipeline, const Inventory& inventory);

}  // namespace lockstorm::scenarios::pipeline
