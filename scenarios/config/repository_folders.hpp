// Where a directory lies in its repository.
#pragma once

#include <filesystem>
#include <vector>

namespace lockstorm::scenarios {

/// The directory and those above it, as absolute paths, up to the root of its repository (where `.git` is);
/// alone where it is in none.
[[nodiscard]] std::vector<std::filesystem::path> folders_up(const std::filesystem::path& directory);

}  // namespace lockstorm::scenarios
