// What the runs of a world have come to, command by command of each job: whether anybody succeeds at all, and
// which goals were reached.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/terraform/milestone.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/state_tables.hpp"

namespace lockstorm::scenarios {

/// What processes have marked, [process class].
using Marks = std::vector<std::set<sim::Mark>>;

void join_marks(Marks& marks, const Marks& more);
/// In everything that was looked up in these tables.
void add_marks(Marks& marks, const sim::StateTables& tables);

/// What one command of equal jobs has come to in some run; endings and goals are of different runs.
struct CommandReached {
  std::string jobs;                        ///< "client-1", "client-1 to client-3", "operator"
  bool is_one = true;                      ///< one job, not several
  std::optional<models::Command> command;  ///< nothing: an operator's force-unlock, or an act by hand
  std::optional<models::HandAct> by_hand{};
  std::set<models::CommandEnd> ends;
  std::set<models::Goal> goals;

  /// As it is typed: "apply", "force-unlock".
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] bool succeeds() const;
};

/// Each command of each job that marks what it does, in the order of jobs and scripts; then the operators.
std::vector<CommandReached> read_marks(const World& world, const Marks& marks);

/// What happens where nothing is adverse.
struct CalmRuns {
  std::vector<CommandReached> reached;
  bool complete = false;  ///< by all runs; otherwise by those that were looked at
};

/// Runs the jobs without faults and operators: one after the other, at random, and, as long as some command
/// that is not in `never` has not succeeded, in every way; then visits at most about `max_states` states.
CalmRuns find_calm_runs(const World& world, const std::vector<models::Command>& never,
                        std::size_t max_states);

/// The first command that is not in `never` and has succeeded in no run.
const CommandReached* never_succeeds(const std::vector<CommandReached>& reached,
                                     const std::vector<models::Command>& never);

/// "client-1's 'import' never succeeds in any run without faults; it always ends: state cannot be read".
std::string never_succeeds_text(const CommandReached& command, bool has_operators);

}  // namespace lockstorm::scenarios
