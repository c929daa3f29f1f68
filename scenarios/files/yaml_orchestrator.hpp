// The section `orchestrator`: what runs the plans and applies of pull requests, and by which rules.
#pragma once

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// Rules as the section says them; `type` is a known orchestrator whose usual rules are the ones to start
/// from.
void read_orchestrator(YamlReader& reader, const YAML::Node& node, models::OrchestratorRules& rules);

}  // namespace lockstorm::scenarios
