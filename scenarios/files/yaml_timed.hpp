// The keys of `time` that say how a scenario runs in virtual time.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scenarios/data/timed_settings.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// The keys that `read_timed` reads, `model` among them.
std::vector<std::string_view> timed_keys();

/// `model: timed` and all that goes with it. Leaves `out` alone where the section has none of it; one without
/// the other is complained about.
void read_timed(YamlReader& reader, const YAML::Node& node, std::shared_ptr<const TimedSettings>& out);

}  // namespace lockstorm::scenarios
