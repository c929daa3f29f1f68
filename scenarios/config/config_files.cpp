#include "scenarios/config/config_files.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <system_error>

namespace lockstorm::scenarios {
namespace {

/// An extension of configuration files, and the one that takes its place for OpenTofu ("" if it is OpenTofu's
/// own).
struct Extension {
  std::string_view text;
  std::string_view replaced_by;
};

constexpr std::array<Extension, 4> extensions{
    {{".tf", ".tofu"}, {".tf.json", ".tofu.json"}, {".tofu", ""}, {".tofu.json", ""}}};

const Extension* extension_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      extensions, [&](const Extension& extension) { return name.ends_with(extension.text); });
  return found == extensions.end() ? nullptr : found;
}

/// Hidden files and what vim and emacs leave behind.
bool is_ignored(std::string_view name) {
  return name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
}

bool is_replaced(std::string_view name, const Extension& extension, const std::set<std::string>& names) {
  if (extension.replaced_by.empty()) return false;
  const std::string_view stem = name.substr(0, name.size() - extension.text.size());
  return names.contains(std::string(stem) + std::string(extension.replaced_by));
}

bool has_name_of_override(std::string_view name, const Extension& extension) {
  const std::string_view stem = name.substr(0, name.size() - extension.text.size());
  return stem == "override" || stem.ends_with("_override");
}

/// The names of a directory's configuration files, sorted by byte as Terraform sorts them.
std::expected<std::set<std::string>, InputError> configuration_names(const std::filesystem::path& directory) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    std::error_code unknown_kind;
    if (is_ignored(name) || !is_configuration(name) || entry->is_directory(unknown_kind)) continue;
    names.insert(std::move(name));
  }
  if (error) {
    return std::unexpected(
        InputError{{directory.string(), 0, 0}, "directory cannot be listed: " + error.message(), "", ""});
  }
  return names;
}

}  // namespace

std::expected<ConfigFiles, InputError> list_configuration(const std::filesystem::path& directory,
                                                          std::optional<models::Dialect> tool) {
  auto names = configuration_names(directory);
  if (!names) return std::unexpected(names.error());
  if (names->empty()) {
    return std::unexpected(InputError{{directory.string(), 0, 0},
                                      "directory has no Terraform or OpenTofu configuration files",
                                      "files named *.tf, *.tf.json, *.tofu or *.tofu.json",
                                      "name the root module's directory; subdirectories are not searched"});
  }
  if (tool == models::Dialect::terraform) {
    std::erase_if(*names, is_opentofus_own);
    if (names->empty()) {
      return std::unexpected(InputError{{directory.string(), 0, 0},
                                        "directory has no Terraform configuration files, only OpenTofu's own",
                                        "files named *.tf or *.tf.json",
                                        "--tool opentofu reads *.tofu files; Terraform does not"});
    }
  }
  ConfigFiles files;
  for (const std::string& name : *names) {
    const Extension& extension = *extension_of(name);
    if (is_replaced(name, extension, *names)) continue;
    auto& list = has_name_of_override(name, extension) ? files.overrides : files.primary;
    list.push_back((directory / name).lexically_normal());
  }
  return files;
}

bool is_configuration(std::string_view file_name) { return extension_of(file_name) != nullptr; }

bool is_opentofus_own(std::string_view file_name) {
  return file_name.ends_with(".tofu") || file_name.ends_with(".tofu.json");
}

bool is_override(std::string_view file_name) {
  const Extension* extension = extension_of(file_name);
  return extension != nullptr && has_name_of_override(file_name, *extension);
}

bool is_json_syntax(std::string_view file_name) { return file_name.ends_with(".json"); }

}  // namespace lockstorm::scenarios
