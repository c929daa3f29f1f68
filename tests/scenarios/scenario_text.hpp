// A scenario as a test writes it down.
#pragma once

#include <stdexcept>
#include <string>

#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {

/// Throws what is wrong with the text, which fails the test.
inline Scenario scenario_of(const std::string& yaml) {
  auto read = parse_scenario(yaml, "test.yaml", "test");
  if (!read) throw std::invalid_argument(read.error().render());
  return *std::move(read);
}

}  // namespace lockstorm::scenarios
