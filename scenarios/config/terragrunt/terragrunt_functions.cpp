// The functions that Terragrunt adds to the language, as far as they need no cloud, no command and no
// decryption (Terragrunt: pkg/config/config_helpers.go).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <system_error>

#include "scenarios/config/repository_folders.hpp"
#include "scenarios/config/terragrunt/terragrunt_data.hpp"
#include "scenarios/config/terragrunt/terragrunt_scope.hpp"

namespace lockstorm::scenarios::terragrunt {
namespace {

namespace fs = std::filesystem;
using values::Unknown;
using values::Value;
using Arguments = std::vector<Value>;

constexpr int kMostFolders = 100;  // Terragrunt's own bound

Value path_value(const fs::path& path) { return values::text_value(path.string()); }

std::string text_at(const Arguments& arguments, std::size_t index) {
  return index < arguments.size() ? to_text(arguments[index]) : "";
}

fs::path directory_of(Scope& scope) { return scope.place().configuration.parent_path(); }

Value find_in_parent_folders(Scope& scope, const Arguments& arguments) {
  const std::string name = arguments.empty() ? "terragrunt.hcl" : text_at(arguments, 0);
  fs::path folder = directory_of(scope);
  for (int i = 0; i < kMostFolders && folder != folder.parent_path(); ++i) {
    folder = folder.parent_path();
    if (scope.surroundings().files.exists(folder / name))
      return path_value((folder / name).lexically_normal());
  }
  if (arguments.size() > 1) return arguments[1];
  throw refusal(fmt::format("no folder above has a '{}'", name), "such a file, or a second argument");
}

/// The include that a path is relative to: that by which the file came here, or one of its own.
const fs::path* chosen_include(Scope& scope, const Arguments& arguments) {
  if (scope.place().included) return &*scope.place().included;
  const std::vector<Include>& all = scope.includes();
  if (all.empty()) return nullptr;
  if (all.size() == 1) return &all.front().file;
  if (arguments.empty())
    throw refusal("the file has several includes, and it is not said which one is meant",
                  "the include's name as an argument");
  const std::string name = text_at(arguments, 0);
  const auto found = std::ranges::find(all, name, &Include::name);
  if (found == all.end()) throw refusal(fmt::format("nothing is included as '{}'", name));
  return &found->file;
}

Value path_relative_to_include(Scope& scope, const Arguments& arguments) {
  const fs::path* include = chosen_include(scope, arguments);
  if (include == nullptr) return values::text_value(".");
  return path_value(directory_of(scope).lexically_relative(include->parent_path()));
}

Value path_relative_from_include(Scope& scope, const Arguments& arguments) {
  const fs::path* include = chosen_include(scope, arguments);
  if (include == nullptr) return values::text_value(".");
  return path_value(include->parent_path().lexically_relative(directory_of(scope)));
}

Value get_parent_terragrunt_dir(Scope& scope, const Arguments& arguments) {
  const fs::path* include = chosen_include(scope, arguments);
  return path_value(include == nullptr ? directory_of(scope) : include->parent_path());
}

Value get_terragrunt_dir(Scope& scope, const Arguments& /*arguments*/) {
  return path_value(directory_of(scope));
}

Value get_original_terragrunt_dir(Scope& scope, const Arguments& /*arguments*/) {
  return path_value(scope.place().unit.parent_path());
}

fs::path repository_of(Scope& scope) {
  fs::path root = folders_up(directory_of(scope)).back();
  std::error_code error;
  if (fs::exists(root / ".git", error)) return root;
  throw Unknown{.needs = "get_repo_root()", .because = "is known only in a git repository"};
}

Value get_repo_root(Scope& scope, const Arguments& /*arguments*/) { return path_value(repository_of(scope)); }

Value get_path_from_repo_root(Scope& scope, const Arguments& /*arguments*/) {
  return path_value(directory_of(scope).lexically_relative(repository_of(scope)));
}

Value get_path_to_repo_root(Scope& scope, const Arguments& /*arguments*/) {
  return path_value(repository_of(scope).lexically_relative(directory_of(scope)));
}

/// Only what is surely a name is shown.
std::string variable_shown(const std::string& name) {
  const bool is_plain =
      !name.empty() && name.size() < 80 &&
      std::ranges::all_of(
          name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
  return is_plain ? name : "a variable of the environment";
}

Value get_env(Scope& scope, const Arguments& arguments) {
  const std::string name = text_at(arguments, 0);
  const auto& environment = scope.surroundings().environment;
  if (const auto found = environment.find(name); found != environment.end()) {
    scope.add_source({variable_shown(name), {}});
    return values::text_value(found->second);
  }
  if (arguments.size() < 2)
    throw Unknown{.needs = "get_env()", .because = "asks for " + variable_shown(name) + ", which is not set"};
  scope.add_source({fmt::format("get_env()'s default ({} is not set)", variable_shown(name)), {}});
  return arguments[1];
}

Value read_terragrunt_config(Scope& scope, const Arguments& arguments) {
  fs::path file = normal(directory_of(scope) / text_at(arguments, 0));
  std::error_code error;
  if (fs::is_directory(file, error)) file /= "terragrunt.hcl";
  if (scope.surroundings().files.exists(file))
    return value_of_file(file, scope.place(), scope.surroundings());
  if (arguments.size() > 1) return arguments[1];
  throw refusal(fmt::format("the file to read is not there: {}", scope.surroundings().files.shown(file)),
                "a Terragrunt file, or a second argument");
}

fs::path beside(Scope& scope, const Arguments& arguments) {
  return normal(scope.file().path.parent_path() / text_at(arguments, 0));
}

Value fileexists(Scope& scope, const Arguments& arguments) {
  std::error_code error;
  return {fs::is_regular_file(beside(scope, arguments), error)};
}

Value file(Scope& scope, const Arguments& arguments) { return text_of_file(beside(scope, arguments)); }

Value jsondecode(Scope& /*scope*/, const Arguments& arguments) {
  return value_of_json(text_at(arguments, 0));
}
Value yamldecode(Scope& /*scope*/, const Arguments& arguments) {
  return value_of_yaml(text_at(arguments, 0));
}
Value mark_as_read(Scope& /*scope*/, const Arguments& arguments) { return arguments.at(0); }

template <std::size_t count>
Value list_of(const std::array<std::string_view, count>& names) {
  values::List list;
  for (const std::string_view name : names) list.push_back(values::text_value(std::string(name)));
  return values::list_value(std::move(list));
}

Value commands_that_need_locking(Scope& /*scope*/, const Arguments& /*arguments*/) {
  return list_of<7>({"apply", "destroy", "import", "plan", "refresh", "taint", "untaint"});
}
Value commands_that_need_vars(Scope& /*scope*/, const Arguments& /*arguments*/) {
  return list_of<7>({"apply", "console", "destroy", "import", "plan", "push", "refresh"});
}
Value commands_that_need_input(Scope& /*scope*/, const Arguments& /*arguments*/) {
  return list_of<5>({"apply", "import", "init", "plan", "refresh"});
}
Value commands_that_need_parallelism(Scope& /*scope*/, const Arguments& /*arguments*/) {
  return list_of<3>({"apply", "plan", "destroy"});
}

struct OwnFunction {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  Value (*compute)(Scope& scope, const Arguments& arguments);
};

constexpr std::array<OwnFunction, 20> kFunctions{
    {{"fileexists", 1, 1, fileexists},
     {"file", 1, 1, file},
     {"find_in_parent_folders", 0, 2, find_in_parent_folders},
     {"get_env", 1, 2, get_env},
     {"get_original_terragrunt_dir", 0, 0, get_original_terragrunt_dir},
     {"get_parent_terragrunt_dir", 0, 1, get_parent_terragrunt_dir},
     {"get_path_from_repo_root", 0, 0, get_path_from_repo_root},
     {"get_path_to_repo_root", 0, 0, get_path_to_repo_root},
     {"get_repo_root", 0, 0, get_repo_root},
     {"get_terraform_commands_that_need_input", 0, 0, commands_that_need_input},
     {"get_terraform_commands_that_need_locking", 0, 0, commands_that_need_locking},
     {"get_terraform_commands_that_need_parallelism", 0, 0, commands_that_need_parallelism},
     {"get_terraform_commands_that_need_vars", 0, 0, commands_that_need_vars},
     {"get_terragrunt_dir", 0, 0, get_terragrunt_dir},
     {"jsondecode", 1, 1, jsondecode},
     {"mark_as_read", 1, 1, mark_as_read},
     {"path_relative_from_include", 0, 1, path_relative_from_include},
     {"path_relative_to_include", 0, 1, path_relative_to_include},
     {"read_terragrunt_config", 1, 2, read_terragrunt_config},
     {"yamldecode", 1, 1, yamldecode}}};

}  // namespace

std::optional<Value> call_own_function(Scope& scope, const std::string& function,
                                       const Arguments& arguments) {
  const auto* const found = std::ranges::find(kFunctions, function, &OwnFunction::name);
  if (found == kFunctions.end()) return std::nullopt;
  if (arguments.size() < found->least || arguments.size() > found->most)
    throw Unknown{.needs = function + "()", .because = "has another number of arguments than it takes"};
  return found->compute(scope, arguments);
}

}  // namespace lockstorm::scenarios::terragrunt
