// What a policy says of stores, whatever their backends.
#pragma once

#include <map>
#include <string>

#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// The promises in `section`, as texts. Complains about a key that no backend's store has, and about a value
/// that none of those takes that have it.
std::map<std::string, std::string> read_store_promises(YamlReader& reader, const YAML::Node& section);

}  // namespace lockstorm::scenarios
