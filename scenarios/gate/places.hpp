// Where states lie, as policies and baselines name them: paths that are the same on every machine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"

namespace lockstorm::scenarios {

/// A state as seen from a directory: with `/` between the parts, "." for the directory itself.
struct StatePlace {
  std::string path;
  std::string completed_by;  ///< the file that completes the state's block; empty: none

  friend auto operator<=>(const StatePlace&, const StatePlace&) = default;
};

/// `path` as seen from `directory`, printable.
[[nodiscard]] std::string path_from(const std::filesystem::path& directory,
                                    const std::filesystem::path& path);

[[nodiscard]] StatePlace place_from(const std::filesystem::path& directory, const AuditedState& state);

/// Whether one of the globs is that of the state: of its directory, of one above it, or of the file that
/// completes its block. `*` matches any characters, `/` too.
[[nodiscard]] bool matches_any(const std::vector<std::string>& globs, const StatePlace& place);

}  // namespace lockstorm::scenarios
