// Reads the `client` section of a scenario: equal clients, or a list of fleets.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <memory>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// A new copy of the scenario's backend block with these arguments changed.
using BackendWith = std::function<std::unique_ptr<BackendConfig>(const YAML::Node& overrides)>;
/// The backend of a section of its own.
using BackendOf = std::function<std::unique_ptr<BackendConfig>(const YAML::Node& section)>;

/// Fills `client`, and `fleets` when the section is a list; then `client` and `backend` are the first
/// fleet's.
void read_client(YamlReader& reader, const YAML::Node& section, Scenario& scenario,
                 const BackendWith& backend_with, const BackendOf& backend_of);

/// Has a reader that declares note every key of a client's own.
void declare_client(YamlReader& reader);

}  // namespace lockstorm::scenarios
