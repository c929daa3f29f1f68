// What would make a set-up better: changes of the block, the tool or the pipeline, each audited as a whole,
// so that it is known what they turn and what they open.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/findings/finding.hpp"

namespace lockstorm::scenarios {

/// A change that people can make today.
struct PossibleChange {
  std::string rule;   ///< what it is, a clause: "a lock file beside the state"
  std::string how;    ///< as the block or the command line says it: "`use_lockfile = true`"
  std::string price;  ///< what it costs, a clause; empty: nothing
  AuditPlan plan;     ///< the set-up once it is made
};

/// The changes that a set-up leaves open, cheapest first: arguments of its block that either tool knows, one
/// job at a time, the other tool. What the tools or the models would refuse is left out.
std::vector<PossibleChange> possible_changes(const AuditPlan& plan);

/// What became of findings by a change.
struct Improvement {
  std::string rule;
  std::string how;
  std::string price;
  std::vector<Finding> turned;  ///< that are gone
  std::vector<Finding> opened;  ///< that were not there before

  /// Whether nothing comes that is as bad as the worst that goes.
  [[nodiscard]] bool helps() const;
};

/// A set-up, and what its audit has found.
struct Audited {
  const AuditPlan& plan;
  std::span<const Finding> findings;
};

/// Compares the findings before and after. One that only comes to light because a simpler one is gone was
/// there before: that is looked up by verifying the old set-up for it.
Improvement improvement_of(const PossibleChange& change, const Audited& before,
                           std::span<const Finding> after);

/// Best first: by the worst that they turn, then by how much they turn and by their price. Those that do not
/// help are left out.
std::vector<Improvement> ranked(std::vector<Improvement> improvements);

}  // namespace lockstorm::scenarios
