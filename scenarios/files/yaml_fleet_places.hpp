// Which states the jobs of a scenario have: one, or two of which one reads the other. Simulated clients meet
// on what their blocks name, so that places which nobody reads from are refused.
#pragma once

#include <yaml-cpp/yaml.h>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// Says of each fleet whether its state is the second one, and which table of locks it has. `clients`: the
/// section `client`, one fleet or a list. Complains about a fleet whose arguments, or those it takes from
/// `backend`, say another type, lock address or, unless some fleet reads it, another state than the first
/// fleet's; and about `reads` that name no state of another fleet's. Fleets that work where a migration went
/// are not asked.
void read_states(YamlReader& reader, const YAML::Node& backend, const YAML::Node& clients,
                 Scenario& scenario);

}  // namespace lockstorm::scenarios
