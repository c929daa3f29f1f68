#include "scenarios/pipeline/state_directories.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;
using Parts = std::vector<std::string>;

Parts parts_of(const fs::path& path) {
  Parts parts;
  for (const fs::path& part : path.lexically_normal()) {
    if (!part.empty() && part != ".") parts.push_back(part.string());
  }
  return parts;
}

// As seen from the repository; through links, as both are compared with names in files.
Parts parts_below(const fs::path& root, const fs::path& directory) {
  std::error_code error;
  const fs::path base = fs::weakly_canonical(root.empty() ? fs::path(".") : root, error);
  const fs::path there = fs::weakly_canonical(directory.empty() ? fs::path(".") : directory, error);
  return parts_of(there.lexically_relative(base));
}

// A part with something in braces, or with a variable, may be any name.
bool may_be_same(const std::string& said, const std::string& name) {
  return said == name || said.find_first_of("{$") != std::string::npos;
}

bool begins_alike(const Parts& said, const Parts& directory) {
  const std::size_t both = std::min(said.size(), directory.size());
  return std::equal(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(both), directory.begin(),
                    may_be_same);
}

}  // namespace

bool may_be_about(const Pipeline& pipeline, const Command& command, const fs::path& directory) {
  if (command.verb == Verb::break_lock) return false;
  const Parts said = parts_of(command.state.directory);
  const Parts here = parts_below(pipeline.root, directory);
  if (!begins_alike(said, here)) return false;
  return said.size() == here.size() || (command.state.is_many && said.size() < here.size());
}

bool may_be_below(const Pipeline& pipeline, const Command& command, const fs::path& directory) {
  if (command.verb == Verb::break_lock) return true;
  const Parts said = parts_of(command.state.directory);
  const Parts here = parts_below(pipeline.root, directory);
  return begins_alike(said, here) && (said.size() >= here.size() || command.state.is_many);
}

}  // namespace lockstorm::scenarios::pipeline
