// The files of the scenario library, sorted.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "test_paths.hpp"

namespace lockstorm::scenarios {

inline std::vector<std::filesystem::path> library_files(const std::filesystem::path& below = {}) {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path library(LOCKSTORM_SOURCE "/scenarios/library");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(library / below)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace lockstorm::scenarios
