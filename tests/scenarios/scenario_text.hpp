// A scenario as a test writes it down, or by its name in the library.
#pragma once

#include <stdexcept>
#include <string>

#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {

/// Throws what is wrong with the text, which fails the test.
inline Scenario scenario_of(const std::string& yaml) {
  auto read = parse_scenario(yaml, "test.yaml", "test");
  if (!read) throw std::invalid_argument(read.error().render());
  return *std::move(read);
}

/// Throws if there is none of that name.
inline Scenario named(const std::string& name) { return find_scenario(name).value(); }

}  // namespace lockstorm::scenarios
