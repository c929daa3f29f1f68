#include "scenarios/files/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "scenarios/files/matrix_goldens.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::scenarios {
namespace {

std::expected<Scenario, InputError> parse(const LibraryEntry& entry) {
  return parse_scenario(entry.yaml_text, std::string(entry.file), std::string(entry.name));
}

// Rows of the matrix become the YAML that they stand for when the library is first asked for.
std::vector<LibraryEntry> files_and_matrix() {
  std::vector<LibraryEntry> all = detail::embedded_files();
  static std::vector<std::string> yaml;
  yaml.reserve(matrix_goldens().size());
  for (const MatrixGolden& golden : matrix_goldens())
    all.push_back(
        {golden.name, yaml.emplace_back(yaml_of(golden)), "scenarios/library/matrix.txt", golden.line});
  std::ranges::sort(all, {}, &LibraryEntry::name);
  return all;
}

bool names_a_file(const std::string& reference) {
  std::error_code ignored;
  const bool looks_like_one = reference.ends_with(".yaml") || reference.ends_with(".yml") ||
                              reference.starts_with("./") || reference.starts_with("/");
  return looks_like_one ||
         (library_entry(reference) == nullptr && std::filesystem::exists(reference, ignored) &&
          !std::filesystem::is_directory(reference, ignored));
}

// Files of the same name in different folders are named with their folders: results go by these names.
void tell_apart(std::vector<Scenario>& scenarios) {
  std::map<std::string, std::set<std::string>> files_of_name;
  for (const Scenario& scenario : scenarios) files_of_name[scenario.name].insert(scenario.file);
  for (Scenario& scenario : scenarios) {
    if (files_of_name[scenario.name].size() > 1 && !scenario.file.empty())
      scenario.name = printable(std::filesystem::path(scenario.file).replace_extension().string());
  }
}

std::string_view without_slashes(std::string_view name) {
  while (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

bool is_library_folder(std::string_view name) {
  const std::string folder = std::string(without_slashes(name)) + "/";
  return std::ranges::any_of(library(),
                             [&](const LibraryEntry& entry) { return entry.name.starts_with(folder); });
}

InputError no_such_scenario(const std::string& reference) {
  std::error_code ignored;
  if (!is_library_folder(reference) && std::filesystem::is_directory(reference, ignored))
    return {{reference, 0, 0}, "is a directory", "a YAML file, a library name, or a glob of names", ""};
  return {{reference, 0, 0},
          "no such scenario",
          "a YAML file, a library name, or a glob of names",
          library_hint(reference)};
}

}  // namespace

std::span<const LibraryEntry> library() {
  static const std::vector<LibraryEntry> entries = files_and_matrix();
  return entries;
}

const LibraryEntry* library_entry(std::string_view name) {
  const auto found = std::ranges::find(library(), name, &LibraryEntry::name);
  return found == library().end() ? nullptr : &*found;
}

bool is_glob(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

bool glob_matches(std::string_view glob, std::string_view name) {
  std::size_t g = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // the last `*` seen, and what it has swallowed up to
  std::size_t swallowed = 0;
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      swallowed = n;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
      ++g;
      ++n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++swallowed;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

std::string library_hint(std::string_view name) {
  if (is_library_folder(name)) return fmt::format("did you mean '{}/*'?", without_slashes(name));
  std::vector<std::string_view> names;
  for (const LibraryEntry& entry : library()) names.push_back(entry.name);
  const std::string_view nearest = nearest_name(without_slashes(name), names);
  return nearest.empty() ? "`lockstorm list` shows the library's names"
                         : fmt::format("did you mean '{}'?", nearest);
}

std::expected<std::vector<Scenario>, InputError> find_scenarios(const std::string& reference) {
  std::vector<Scenario> found;
  const auto add = [&found](std::expected<Scenario, InputError> scenario) -> std::optional<InputError> {
    if (!scenario) return scenario.error();
    found.push_back(std::move(*scenario));
    return std::nullopt;
  };
  std::optional<InputError> error;
  if (names_a_file(reference)) {
    error = add(read_scenario(reference));
  } else if (is_world_name(reference)) {
    error = add(scenario_of_world_name(reference));
  } else {
    for (const LibraryEntry& entry : library()) {
      if (error || !(is_glob(reference) ? glob_matches(reference, entry.name) : entry.name == reference))
        continue;
      error = add(parse(entry));
    }
    if (!error && found.empty()) error = no_such_scenario(reference);
  }
  if (error) return std::unexpected(*error);
  return found;
}

bool is_found_by_name(std::string_view name) { return library_entry(name) != nullptr || is_world_name(name); }

bool is_of_library(const Scenario& scenario) {
  const LibraryEntry* entry = library_entry(scenario.name);
  return entry != nullptr ? scenario.file == entry->file
                          : is_world_name(scenario.name) && scenario.file.empty();
}

std::string reference_of(const Scenario& scenario) {
  return is_of_library(scenario) || scenario.file.empty() ? scenario.name : scenario.file;
}

std::expected<Scenario, InputError> find_scenario(const std::string& reference) {
  std::expected<std::vector<Scenario>, InputError> found = find_scenarios(reference);
  if (!found) return std::unexpected(found.error());
  if (found->size() == 1) return std::move(found->front());
  return std::unexpected(
      InputError{{reference, 0, 0},
                 fmt::format("means {} scenarios, and this command takes one", found->size()),
                 fmt::format("for example {}", found->front().name),
                 ""});
}

std::expected<std::vector<Scenario>, InputError> find_scenarios(std::span<const std::string> references) {
  std::vector<Scenario> all;
  for (const std::string& reference : references) {
    auto some = find_scenarios(reference);
    if (!some) return some;
    all.insert(all.end(), some->begin(), some->end());
  }
  tell_apart(all);
  return all;
}

}  // namespace lockstorm::scenarios
