// Who explores one space: threads of this process, or the ranks of an MPI job.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/explore/level_table.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/search/levels_on_disk.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/levels/exchange.hpp"

namespace lockstorm::cli {

struct ExploreWhere {
  std::string folder;              ///< for the levels
  unsigned members = 1;            ///< threads, where there is no MPI
  sim::Exchange* ranks = nullptr;  ///< of MPI; nullptr: threads
  bool fingerprint = false;
};

/// What the members have found; of an MPI job only the first rank's tells anything. `table`: what each level
/// has come to, as the first member sees it. Throws sim::LevelFolderRefused, and what ends one of the
/// members.
scenarios::VerifyResult explore_together(const scenarios::Scenario& scenario, const ExploreWhere& where,
                                         const Global& global, LevelTable& table);

}  // namespace lockstorm::cli
