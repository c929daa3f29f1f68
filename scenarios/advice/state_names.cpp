#include "scenarios/advice/state_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lockstorm::scenarios {
namespace {

std::string in_folder(const std::string& folder, const std::string& name) {
  if (folder.empty() || name.empty()) return folder + name;
  return fmt::format("{}/{}", folder, name);
}

// "prefix//x" and "/prefix" are folders that nobody means.
std::string without_slashes_around(std::string text) {
  while (text.starts_with('/')) text.erase(0, 1);
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

StateNames::StateNames(const BackendBlock& block, const std::map<std::string, std::string>& given)
    : type_(block.type) {
  // What is a URL is no name, and may have a password.
  const auto put = [&](const std::string& name, std::string value) {
    const bool is_name = !value.empty() && value.find("://") == std::string::npos;
    if (holds_no_credential(name) && is_name) arguments_.insert_or_assign(name, std::move(value));
  };
  for (const auto& [name, attribute] : block.arguments) {
    if (const auto* text = std::get_if<std::string>(&attribute.value)) put(name, *text);
  }
  for (const auto& [name, value] : given) put(name, value);
}

bool StateNames::knows(std::string_view argument) const { return arguments_.contains(argument); }

std::string StateNames::name(std::string_view argument, std::string_view standard) const {
  const auto found = arguments_.find(argument);
  if (found != arguments_.end()) return found->second;
  return standard.empty() ? fmt::format("<{}>", argument) : std::string(standard);
}

// backend-protocols.md 3; the names that the backends' StateMgr and statePath make.
std::string StateNames::state() const {
  const auto of_workspace = [&](const std::string& key, std::string_view folder_argument) {
    if (is_default_workspace()) return key;
    return in_folder(in_folder(without_slashes_around(name(folder_argument, "env:")), workspace), key);
  };
  if (type_ == "s3") return of_workspace(name("key"), "workspace_key_prefix");
  if (type_ == "oci") return of_workspace(name("key", "terraform.tfstate"), "workspace_key_prefix");
  if (type_ == "gcs")
    return in_folder(knows("prefix") ? without_slashes_around(name("prefix")) : "", workspace + ".tfstate");
  if (type_ == "azurerm") return name("key") + (is_default_workspace() ? "" : "env:" + workspace);
  if (type_ == "consul") return name("path") + (is_default_workspace() ? "" : "-env:" + workspace);
  if (type_ == "kubernetes") return fmt::format("tfstate-{}-{}", workspace, name("secret_suffix"));
  if (type_ == "cos")
    return in_folder(
        in_folder(knows("prefix") ? name("prefix") : "", is_default_workspace() ? "" : workspace),
        name("key", "terraform.tfstate"));
  if (type_ == "oss") {
    return in_folder(in_folder(name("prefix", "env:"), is_default_workspace() ? "" : workspace),
                     name("key", "terraform.tfstate"));
  }
  if (type_ == "local") return name("path", "terraform.tfstate");
  return {};
}

std::string StateNames::lock() const {
  if (type_ == "s3" || type_ == "cos") return state() + ".tflock";
  if (type_ == "oci") return state() + ".lock";
  if (type_ == "gcs") {
    const std::string object = state();
    return object.substr(0, object.size() - std::string_view(".tfstate").size()) + ".tflock";
  }
  if (type_ == "consul") return state() + "/.lock";
  if (type_ == "kubernetes") return "lock-" + state();
  if (type_ == "azurerm") return state();
  return {};
}

std::optional<std::string> path_in_lock_info(const StateNames& names) {
  if (names.type() == "s3" && names.knows("bucket") && names.knows("key"))
    return fmt::format("{}/{}", names.name("bucket"), names.state());
  if (names.type() == "consul" && names.knows("path")) return names.state();
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
