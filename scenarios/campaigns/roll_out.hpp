// From one backend block to another while jobs go on: which sorts of jobs may meet on the way, and which
// worlds say whether they may.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios {

/// What two blocks have to do with each other.
enum class Relation : std::uint8_t {
  same,         ///< they lock and store in the same way, in the same place
  one_state,    ///< the same state, in another way
  other_lock,   ///< the same state, and locks that are kept in different places of one kind
  other_place,  ///< another state, or another store, of the same type of backend
  other_type,
};

/// A backend block that jobs have at some time on the way.
struct RollOutBlock {
  std::string name;  ///< "A", "B", "A+B"
  AnyBackend backend;
  models::Dialect tool = models::Dialect::terraform;
  /// Jobs that have nothing but this block: in peace, and one of them is killed.
  std::vector<Scenario> at_rest;
};

/// How the jobs get from one block to the next.
enum class Way : std::uint8_t {
  while_jobs_run,     ///< some have the one, others the next
  all_stopped,        ///< no job runs when the block changes
  old_jobs_go_on,     ///< the state is moved, and some jobs still have the old block
  new_jobs_too_early  ///< some jobs have the new block before the state has been moved
};

struct Crossing {
  std::size_t from = 0;  ///< number of the block
  std::size_t to = 0;
  Way way = Way::while_jobs_run;
  std::vector<Scenario> worlds;  ///< those without adverse events first
  std::string why_not;           ///< no worlds: what stands in the way, a clause
};

/// One order in which the blocks can be exchanged.
struct RollOutOrder {
  std::vector<std::size_t> crossings;
};

struct RollOutPlan {
  Relation relation = Relation::same;
  std::vector<std::string> differ;   ///< names of the arguments in which the places differ
  std::vector<RollOutBlock> blocks;  ///< A, B, and those between
  std::vector<Crossing> crossings;
  std::vector<RollOutOrder> orders;     ///< the gentlest first
  std::optional<std::size_t> way_back;  ///< the crossing from B to A
  std::string why_not;                  ///< there is no plan: what the tools say to it, a clause
};

struct RollOutSide {
  const AuditPlan& plan;
  const TerraformConfiguration& configuration;
};

RollOutPlan plan_roll_out(const RollOutSide& a, const RollOutSide& b);

/// Every scenario of the plan, those at rest first, in the order of blocks and crossings.
std::vector<Scenario> roll_out_scenarios(const RollOutPlan& plan);

/// How safe something is, from best to worst.
enum class Safety : std::uint8_t {
  safe,      ///< proved: nothing is violated
  no_worse,  ///< proved: nothing is violated that jobs with A or B alone do not violate
  unknown,
  unsafe,
};

/// What was found out about one crossing.
struct JudgedCrossing {
  std::span<const VerifyResult> results;  ///< of its worlds
  checkers::PropertySet violated;         ///< without any adverse event
  /// ... of these, what neither block has when it is alone.
  checkers::PropertySet opens;
  /// ... what it opens besides when a job is killed.
  checkers::PropertySet opens_when_killed;
  Safety safety = Safety::unknown;
};

struct JudgedRollOut {
  std::vector<JudgedCrossing> crossings;  ///< in the order of the plan's
  std::vector<Safety> orders;             ///< of the plan's: the worst of their crossings
  std::optional<std::size_t> best;        ///< the first of the safest orders, if any is safe or no worse
};

/// `results`: of roll_out_scenarios, in their order; they outlive what is returned.
JudgedRollOut judge_roll_out(const RollOutPlan& plan, std::span<const VerifyResult> results);

}  // namespace lockstorm::scenarios
