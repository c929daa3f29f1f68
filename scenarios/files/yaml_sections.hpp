// The sections of a scenario file that are the same whatever its backend: who intervenes, what goes wrong,
// time, what is checked.
#pragma once

#include <functional>
#include <memory>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// The scenario's backend block with some arguments changed; empty for a reader that declares.
using OperatorsBlock = std::function<std::unique_ptr<BackendConfig>(const YAML::Node& overrides)>;
void read_operator(YamlReader& reader, const YAML::Node& node, OperatorSettings& settings,
                   const OperatorsBlock& block_with = {});

/// `backend`: some faults mean something on some backends only; null for a reader that declares.
void read_faults(YamlReader& reader, const YAML::Node& node, const BackendConfig* backend,
                 Scenario& scenario);

/// `timed`: what the section says of virtual time, if anything.
void read_time(YamlReader& reader, const YAML::Node& node, TimeSettings& time,
               std::shared_ptr<const TimedSettings>& timed);

/// `initial_state` of the root: `empty`, `existing`, or `{resources: 1}`, an existing one that records so
/// many.
void read_initial(YamlReader& reader, const YAML::Node& root, Scenario& scenario);

/// `initial_lock` of the root.
void read_initial_lock(YamlReader& reader, const YAML::Node& root, Scenario& scenario);

/// `check` and `expect` of the root; the scenario has everything else by now.
void read_claims(YamlReader& reader, const YAML::Node& root, Scenario& scenario);

}  // namespace lockstorm::scenarios
