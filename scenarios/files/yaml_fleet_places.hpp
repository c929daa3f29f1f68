// Holds the fleets of a mixed scenario to one state: simulated clients meet on one, so other places would be
// taken for it in silence.
#pragma once

#include <yaml-cpp/yaml.h>

#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// Complains about a fleet whose arguments, or those it takes from `backend`, say another type, state or lock
/// table than the first fleet's. Fleets that work where a migration went are not asked.
void check_one_state(YamlReader& reader, const YAML::Node& backend, const YAML::Node& fleets);

}  // namespace lockstorm::scenarios
