#include "scenarios/pipeline/state_directories.hpp"

#include <algorithm>

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

StateDirectory::StateDirectory(const Pipeline& pipeline, const fs::path& directory) {
  std::error_code error;
  const fs::path base = fs::weakly_canonical(pipeline.root.empty() ? fs::path(".") : pipeline.root, error);
  const fs::path there = fs::weakly_canonical(directory.empty() ? fs::path(".") : directory, error);
  parts_ = parts_of(there.lexically_relative(base));
}

bool StateDirectory::may_be_of(const Command& command) const {
  if (command.verb == Verb::break_lock) return false;
  const Parts said = parts_of(command.state.directory);
  if (!begins_alike(said, parts_)) return false;
  return said.size() == parts_.size() || (command.state.is_many && said.size() < parts_.size());
}

bool StateDirectory::may_have(const Command& command) const {
  if (command.verb == Verb::break_lock) return true;
  const Parts said = parts_of(command.state.directory);
  return begins_alike(said, parts_) && (said.size() >= parts_.size() || command.state.is_many);
}

}  // namespace lockstorm::scenarios::pipeline
