#include "scenarios/config/repository_folders.hpp"

#include <system_error>

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFoldersUp = 64;

}  // namespace

std::vector<fs::path> folders_up(const fs::path& directory) {
  std::error_code error;
  fs::path folder = fs::absolute(directory, error).lexically_normal();
  if (error) return {directory};
  if (!folder.has_filename()) folder = folder.parent_path();
  std::vector<fs::path> folders;
  for (int i = 0; i < kMostFoldersUp; ++i) {
    folders.push_back(folder);
    if (fs::exists(folder / ".git", error)) return folders;
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return {folders.front()};
}

}  // namespace lockstorm::scenarios
