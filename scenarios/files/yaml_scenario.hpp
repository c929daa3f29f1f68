// Reads scenarios from YAML, with a place and an expectation for everything that is wrong.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

/// A scenario from a file; its name is the file's stem.
std::expected<Scenario, InputError> read_scenario(const std::filesystem::path& file);

/// A scenario from text; `file` is only for messages.
std::expected<Scenario, InputError> parse_scenario(std::string_view text, const std::string& file,
                                                   std::string name);

/// Has a reader that declares note every key of the root.
void declare_root(YamlReader& reader);

}  // namespace lockstorm::scenarios
