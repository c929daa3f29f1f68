#include "scenarios/pipeline/github_actions.hpp"

#include <algorithm>
#include <filesystem>

#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/script.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

std::string input_of(const ActionInputs& inputs, const std::string& name) {
  const auto found = inputs.find(name);
  return found == inputs.end() ? "" : found->second;
}

bool is_unknown_text(const std::string& text) {
  return text.find('{') != std::string::npos || text.find('$') != std::string::npos;
}

StatePlace place_of_action(const std::string& directory, const std::string& key,
                           const std::string& workspace) {
  StatePlace state{directory, key, workspace == "default" ? "" : workspace, true, false};
  state.is_known = !is_unknown_text(directory + key + workspace);
  return state;
}

// Its files are named from the repository's root on.
std::vector<std::string> init_arguments_of(std::string_view arguments, const std::string& file,
                                           const std::string& path) {
  std::vector<std::string> all;
  if (!file.empty()) all.push_back(std::filesystem::path(file).lexically_proximate(path).string());
  while (!arguments.empty()) {
    const std::string_view one = arguments.substr(0, arguments.find(' '));
    arguments.remove_prefix(std::min(one.size() + 1, arguments.size()));
    if (one.find('=') == std::string_view::npos) continue;
    if (auto kept = kept_argument(std::string(one))) all.push_back(*std::move(kept));
  }
  return all;
}

// Plans and checks never lock (since 1.19), applies wait 300 s (terraform-apply/action.yaml,
// image/actions.sh).
KnownAction dflook(const std::string& action, const ActionInputs& inputs, const std::string& directory) {
  Command command;
  const bool remote = false;
  if (action == "apply" || action == "new-workspace") {
    if (action == "new-workspace") return {};
    command.verb = Verb::apply;
    command.lock_timeout = std::chrono::seconds{300};
  } else if (action == "destroy" || action == "destroy-workspace") {
    command.verb = Verb::destroy;
    command.lock_timeout = std::chrono::seconds{300};
  } else if (action == "plan" || action == "check") {
    command.verb = Verb::plan;
    command.locks = false;
  } else if (action == "unlock-state") {
    command.verb = Verb::force_unlock;
    command.locks = false;
    command.id = IdFrom::typed;
  } else {
    return {};
  }
  command.is_remote = remote;
  std::string key = input_of(inputs, "backend_config");
  for (char& c : key)
    if (c == '\n' || c == ',') c = ' ';
  key = std::string(trimmed(key));
  const std::string arguments = key;
  if (key.find("key=") == std::string::npos && key.find("prefix=") == std::string::npos) {
    key = input_of(inputs, "backend_config_file");
  } else {
    const auto at = key.find("key=") == std::string::npos ? key.find("prefix=") : key.find("key=");
    key = key.substr(at, key.find(' ', at) - at);
  }
  const std::string path = input_of(inputs, "path");
  command.state =
      place_of_action(path.empty() ? "." : joined_path(".", path), key, input_of(inputs, "workspace"));
  command.state.init_arguments = init_arguments_of(arguments, input_of(inputs, "backend_config_file"), path);
  command.links = {Link::container};
  static_cast<void>(directory);
  return {command, true};
}

KnownAction terragrunt_action(const ActionInputs& inputs) {
  std::string words = "terragrunt " + input_of(inputs, "tg_command");
  const std::string directory = input_of(inputs, "tg_dir");
  ScriptContext context;
  context.directory = directory.empty() ? "." : joined_path(".", directory);
  context.links = {Link::container};
  JobShell shell;
  ScriptFindings read = read_script(words, context, shell);
  if (read.commands.empty()) return {std::nullopt, false};
  return {read.commands.front(), true};
}

KnownAction old_terraform_action(const ActionInputs& inputs) {
  Command command;
  const std::string sub = input_of(inputs, "tf_actions_subcommand");
  if (sub == "apply") {
    command.verb = Verb::apply;
  } else if (sub == "plan") {
    command.verb = Verb::plan;
  } else if (sub == "destroy") {
    command.verb = Verb::destroy;
  } else {
    return {};
  }
  const std::string directory = input_of(inputs, "tf_actions_working_dir");
  command.state = place_of_action(directory.empty() ? "." : joined_path(".", directory), "", "");
  command.links = {Link::container};
  return {command, true};
}

KnownAction remote_run(const std::string& name, const ActionInputs& inputs) {
  Command command;
  command.is_remote = true;
  command.verb = name.ends_with("apply-run") ? Verb::apply : Verb::plan;
  command.state = place_of_action(".", "", input_of(inputs, "workspace"));
  command.links = {Link::container};
  if (!name.ends_with("apply-run") && !name.ends_with("create-run")) return {};
  return {command, true};
}

}  // namespace

KnownAction known_action(const std::string& name, const ActionInputs& inputs, const std::string& directory) {
  for (const std::string_view start : {"dflook/terraform-", "dflook/tofu-"})
    if (name.starts_with(start)) return dflook(name.substr(start.size()), inputs, directory);
  if (name == "gruntwork-io/terragrunt-action") return terragrunt_action(inputs);
  if (name == "hashicorp/terraform-github-actions") return old_terraform_action(inputs);
  if (name.starts_with("hashicorp/tfc-workflows-github/actions/")) return remote_run(name, inputs);
  KnownAction known;
  for (const std::string_view harmless :
       {"tflint", "setup-", "terraform-docs", "tfsec", "checkov", "tfcmt", "infracost", "validate", "fmt",
        "cache", "pr-comment", "tfswitch", "install", "action-terragrunt", "drift-report"})
    if (name.find(harmless) != std::string::npos) return known;
  for (const std::string_view part :
       {"terraform", "opentofu", "terragrunt", "tfaction", "terrateam", "digger"})
    known.is_about_the_tool = known.is_about_the_tool || name.find(part) != std::string::npos;
  return known;
}

}  // namespace lockstorm::scenarios::pipeline
