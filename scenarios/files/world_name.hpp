// Names of worlds that commands make up themselves: an audit's configurations, jobs of several sorts beside
// each other, and worlds that begin where another has ended. They say everything, so that replay strings need
// no file.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

/// What the scenario is to be called, of these the shortest:
/// `audit/terraform/s3+lockfile/jobs=2/crash` where all jobs are alike and apply;
/// `mixed/terraform/s3+dynamodb/jobs=1/terraform/s3+lockfile/jobs=1,run=plan/no-faults`, a triple for each
/// sort, whose backend is `FROM>TO` for a migration of the same state and `FROM>>TO` for one to another
/// place; `after/3/NAME/then/NAME`: the one begins at an ending of the other, `after/3,long-ago/...`: once
/// leases have run out.
std::string world_name(const Scenario& scenario);

/// Whether a name has one of these forms.
bool is_world_name(std::string_view name);

/// The scenario such a name stands for; the inverse of world_name. Explores the world that is said to have
/// ended.
std::expected<Scenario, InputError> scenario_of_world_name(std::string_view name);

}  // namespace lockstorm::scenarios
