// Where the sources lie that are looked over, and what is found there.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "test_paths.hpp"

namespace lockstorm::house {

using Names = std::set<std::string>;

inline const std::filesystem::path kRoot = LOCKSTORM_SOURCE;

}  // namespace lockstorm::house
