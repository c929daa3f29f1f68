#include "scenarios/repository/roots.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

#include "scenarios/config/config_files.hpp"
#include "scenarios/repository/last_init.hpp"
#include "scenarios/repository/terragrunt_units.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 64;
constexpr std::size_t kMostDirectories = 1'000'000;

// What a directory holds, by name.
struct Listing {
  std::vector<fs::path> folders;
  bool has_configuration = false;
  bool has_terragrunt = false;
  bool is_run = false;  ///< the tool is run here, by what it or its users leave behind
};

bool says_it_is_run(std::string_view name) {
  constexpr std::array<std::string_view, 4> kSigns{".terraform.lock.hcl", ".terraform", "terraform.tfvars",
                                                   "terraform.tfvars.json"};
  return std::ranges::find(kSigns, name) != kSigns.end() || name.ends_with(".auto.tfvars") ||
         name.ends_with(".auto.tfvars.json");
}

std::expected<Listing, InputError> list_folder(const fs::path& directory) {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unknown_kind;
    const std::string name = entry->path().filename().string();
    if (says_it_is_run(name)) listing.is_run = true;
    if (!entry->is_directory(unknown_kind)) {
      if (name == kTerragruntFile) listing.has_terragrunt = true;
      if (!name.starts_with('.') && is_configuration(name)) listing.has_configuration = true;
    } else if (!name.starts_with('.') && name != "node_modules" && !entry->is_symlink(unknown_kind)) {
      listing.folders.push_back((directory / name).lexically_normal());
    }
  }
  if (error) {
    return std::unexpected(
        InputError{{directory.string(), 0, 0}, "directory cannot be listed: " + error.message(), "", ""});
  }
  std::ranges::sort(listing.folders);
  return listing;
}

class Walk {
 public:
  explicit Walk(const WalkOptions& options) : options_(options), units_(options) {}

  void start_at(const fs::path& path) {
    if (is_standard_input(path)) return add(path, true);
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      take_named(path);
      return;
    }
    top_ = path.lexically_normal();
    visit(top_, 0);
  }

  FoundRoots take() && {
    units_.take_out_what_units_use(found_);
    forget_repeated_complaints();
    return std::move(found_);
  }

 private:
  // A file that was named, or something that does not exist.
  void take_named(const fs::path& path) {
    std::error_code error;
    const std::string name = path.filename().string();
    const bool is_others = options_.read.tool == models::Dialect::terraform && is_opentofus_own(name);
    const bool is_file = fs::is_regular_file(path, error) && is_configuration(name) && !is_others;
    const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (name == kTerragruntFile && fs::is_regular_file(path, error)) {
      if (is_new(directory))
        units_.add(directory, list_configuration(directory, std::nullopt).has_value(), found_);
      return;
    }
    if (!is_file || !is_new(directory)) {
      // The reader says what is wrong with it.
      if (is_file) return;
      const auto configuration = read_terraform_configuration(path, options_.read);
      if (!configuration) found_.complaints.push_back(configuration.error());
      return;
    }
    add(directory, true);
  }

  void visit(const fs::path& directory, int depth) {
    if (depth > kDeepest || seen_.size() >= kMostDirectories) {
      found_.left_out.push_back({directory, "too deep, or one of too many directories"});
      return;
    }
    if (!is_new(directory)) return;
    const auto listing = list_folder(directory);
    if (!listing) {
      found_.complaints.push_back(listing.error());
      return;
    }
    if (listing->has_terragrunt) {
      units_.add(directory, listing->has_configuration, found_);
    } else if (listing->has_configuration) {
      add(directory, listing->is_run || options_.every_directory);
    }
    for (const fs::path& folder : listing->folders) {
      if (is_excluded(folder)) {
        found_.left_out.push_back({folder, "excluded"});
      } else {
        visit(folder, depth + 1);
      }
    }
  }

  void add(const fs::path& directory, bool is_run) {
    const ReadOptions read = options_.read_in(directory);
    auto configuration = read_terraform_configuration(directory, read);
    if (!configuration) {
      found_.complaints.push_back(configuration.error());
      return;
    }
    const ToolChoice tool = choose_tool(*configuration, directory, options_.read.tool);
    if (!options_.read.tool && tool.tool == models::Dialect::terraform) {
      // What was read so far is OpenTofu's view.
      ReadOptions again = read;
      again.tool = tool.tool;
      configuration = read_terraform_configuration(directory, again);
      if (!configuration) {
        found_.complaints.push_back(configuration.error());
        return;
      }
    }
    const bool has_state = configuration->backend || configuration->cloud || configuration->state_store;
    tell_workspace(directory, options_.read.environment, *configuration);
    if (tool.version) configuration->pinned_version.emplace(tool.version->version, tool.version->where);
    if (has_state || is_run || configuration->has_provider) {
      found_.roots.push_back({directory, *std::move(configuration), tool, {}});
    } else {
      found_.left_out.push_back({directory, "a module: it has no backend, and nothing says that it is run"});
    }
  }

  // A file that many units include or run is read for each of them.
  void forget_repeated_complaints() {
    std::set<std::string> told;
    std::erase_if(found_.complaints,
                  [&](const InputError& complaint) { return !told.insert(complaint.render()).second; });
  }

  // Whichever way leads there.
  bool is_new(const fs::path& directory) {
    std::error_code error;
    fs::path real = fs::canonical(directory, error);
    return seen_.insert(error ? directory : std::move(real)).second;
  }

  [[nodiscard]] bool is_excluded(const fs::path& folder) const {
    const std::string name = folder.filename().string();
    const std::string below = folder.lexically_relative(top_).string();
    return std::ranges::any_of(options_.excluded, [&](const std::string& pattern) {
      if (pattern.starts_with('/')) {
        std::error_code error;
        if (fnmatch(pattern.c_str(), fs::canonical(folder, error).c_str(), 0) == 0) return true;
      }
      return fnmatch(pattern.c_str(), name.c_str(), 0) == 0 ||
             fnmatch(pattern.c_str(), below.c_str(), 0) == 0 ||
             fnmatch(pattern.c_str(), folder.c_str(), 0) == 0;
    });
  }

  const WalkOptions& options_;
  fs::path top_;
  std::set<fs::path> seen_;
  TerragruntUnits units_;
  FoundRoots found_;
};

}  // namespace

ReadOptions WalkOptions::read_in(const fs::path& directory) const {
  ReadOptions result = read;
  result.workspace = selected_workspace(directory, read.environment).name;
  std::vector<VariableFlag> variables = cli_arguments(read.environment).variables;
  for (VariableFlag& flag : variables) {
    if (flag.kind == VariableFlag::Kind::file) flag.text = (directory / flag.text).string();
  }
  result.variables.insert(result.variables.begin(), variables.begin(), variables.end());
  return result;
}

FoundRoots find_roots(std::span<const fs::path> paths, const WalkOptions& options) {
  Walk walk(options);
  for (const fs::path& path : paths) walk.start_at(path);
  return std::move(walk).take();
}

}  // namespace lockstorm::scenarios
