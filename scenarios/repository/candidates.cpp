#include "scenarios/repository/candidates.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <system_error>

#include "scenarios/config/config_files.hpp"
#include "scenarios/config/repository_folders.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 10'000;
constexpr int kLevelsBelow = 3;
constexpr std::size_t kLevelsAbove = 8;
constexpr std::size_t kMostBytesOfCandidate = std::size_t{64} << 10U;

// Folders beside a root module, or beside the folders that it lies in, in which such files are kept.
constexpr std::array<std::string_view, 14> kFolders{"backend",
                                                    "backend-config",
                                                    "backend-configs",
                                                    "backend_config",
                                                    "backends",
                                                    "conf",
                                                    "config",
                                                    "configs",
                                                    "env",
                                                    "environments",
                                                    "envs",
                                                    "environment",
                                                    "tfvars",
                                                    "vars"};

std::string in_lower_case(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

bool is_named_like_one(const fs::path& file) {
  const std::string name = in_lower_case(file.filename().string());
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  if (ends(".tfbackend") || ends(".tfvars") || ends(".tfbackend.json") || ends(".backend")) return true;
  const bool may = ends(".hcl") || ends(".conf") || ends(".config") || ends(".json");
  const std::string folder = in_lower_case(file.parent_path().filename().string());
  const bool says_so =
      name.find("backend") != std::string::npos || folder.find("backend") != std::string::npos;
  return may && says_so && !is_configuration(name);
}

// Walks folders and keeps what fits.
class CandidateSearch {
 public:
  CandidateSearch(const BackendBlock& block, const BackendType& type)
      : missing_(missing_arguments(block)), valid_(split(type.arguments, ' ')) {}

  // Files in it, and in folders below it that are no root modules of their own.
  void look_below(const fs::path& folder, int levels) {
    std::error_code error;
    std::vector<fs::path> folders;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (++entries_ > kMostEntries) return;
      std::error_code unknown_kind;
      const std::string name = entry->path().filename().string();
      if (entry->is_directory(unknown_kind)) {
        if (!name.starts_with('.') && !entry->is_symlink(unknown_kind)) folders.push_back(entry->path());
      } else if (is_named_like_one(entry->path())) {
        consider(entry->path());
      }
    }
    if (levels == 0) return;
    for (const fs::path& below : folders) {
      if (!list_configuration(below, std::nullopt)) look_below(below, levels - 1);
    }
  }

  // Files in a folder above a root module, and in the folders there that are made for them.
  void look_above(const fs::path& folder) {
    look_below(folder, 0);
    for (const std::string_view name : kFolders) {
      std::error_code error;
      if (fs::is_directory(folder / name, error)) look_below(folder / name, 1);
    }
  }

  std::vector<Candidate> take() && {
    std::vector<Candidate> all;
    for (auto& [file, arguments] : found_) all.push_back({file, std::move(arguments)});
    return all;
  }

 private:
  void consider(const fs::path& file) {
    std::error_code error;
    if (fs::file_size(file, error) > kMostBytesOfCandidate || error) return;
    auto arguments = read_backend_file(file);
    if (!arguments || arguments->empty()) return;
    const auto is_valid = [&](const auto& entry) {
      return std::ranges::find(valid_, entry.first) != valid_.end();
    };
    const auto helps = [&](std::string_view name) { return arguments->contains(std::string(name)); };
    if (std::ranges::all_of(*arguments, is_valid) && std::ranges::any_of(missing_, helps))
      found_.emplace(file.lexically_normal(), std::move(*arguments));
  }

  std::vector<std::string_view> missing_;
  std::vector<std::string_view> valid_;
  std::map<fs::path, BackendArgumentMap> found_;
  std::size_t entries_ = 0;
};

}  // namespace

std::vector<std::string_view> missing_arguments(const BackendBlock& block) {
  const BackendType* type = backend_type_named(block.type);
  std::vector<std::string_view> missing;
  if (type == nullptr) return missing;
  for (const std::string_view name : split(type->identifying, ' ')) {
    if (!block.arguments.contains(std::string(name))) missing.push_back(name);
  }
  return missing;
}

std::vector<Candidate> candidates_near(const fs::path& directory, const BackendBlock& block) {
  const BackendType* type = backend_type_named(block.type);
  if (type == nullptr || missing_arguments(block).empty()) return {};
  CandidateSearch search(block, *type);
  search.look_below(directory, kLevelsBelow);
  // Outside of a repository nothing above the directory is known to belong to it.
  const std::size_t levels = folders_up(directory).size() - 1;
  fs::path folder = directory;
  for (std::size_t level = 0; levels <= kLevelsAbove && level < levels; ++level) {
    folder /= "..";
    search.look_above(folder.lexically_normal());
  }
  return std::move(search).take();
}

}  // namespace lockstorm::scenarios
