// Every key of the scenario format, as what reads it declares it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

struct KeySection {
  std::string name;     ///< "client"; empty: the root
  std::string summary;  ///< one clause
  std::vector<KeyDeclaration> keys;
};

/// The root and the sections that are the same for every backend.
std::vector<KeySection> common_sections();

/// `backend` and, where there is one, `store` with that type.
std::vector<KeySection> sections_of(const BackendType& type);

/// The keys of that `store`, by name.
std::vector<std::string> store_keys(const BackendType& type);

}  // namespace lockstorm::scenarios
