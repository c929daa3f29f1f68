#include "scenarios/gate/places.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <system_error>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

// Whichever way leads there.
fs::path real_path(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(path.empty() ? fs::path(".") : path, error);
  if (error) real = fs::absolute(path, error).lexically_normal();
  return real.has_filename() || !real.has_relative_path() ? real : real.parent_path();
}

bool matches(std::string glob, const std::string& path) {
  while (glob.ends_with('/') && glob.size() > 1) glob.pop_back();
  if (glob.starts_with("./")) glob.erase(0, 2);
  for (std::size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1)) {
    if (fnmatch(glob.c_str(), path.substr(0, end).c_str(), 0) == 0) return true;
  }
  return glob == ".";
}

}  // namespace

std::string path_from(const fs::path& directory, const fs::path& path) {
  const fs::path real = real_path(path);
  const fs::path relative = real.lexically_relative(real_path(directory));
  return printable((relative.empty() ? real : relative).generic_string());
}

StatePlace place_from(const fs::path& directory, const AuditedState& state) {
  return {path_from(directory, state.directory),
          state.completed_by.empty() ? "" : path_from(directory, state.completed_by)};
}

bool matches_any(const std::vector<std::string>& globs, const StatePlace& place) {
  return std::ranges::any_of(globs, [&](const std::string& glob) {
    return matches(glob, place.path) || (!place.completed_by.empty() && matches(glob, place.completed_by));
  });
}

}  // namespace lockstorm::scenarios
