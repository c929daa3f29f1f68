#include "wire/confirm/tool_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace lockstorm::wire::confirm {
namespace {

using models::Command;

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

bool changes_the_tool(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kPrefixes{
      "TF_",     "AWS_",  "ARM_", "AZURE_", "GOOGLE_",   "CLOUDSDK_",
      "CONSUL_", "KUBE_", "PG",   "OSS_",   "ALICLOUD_", "TENCENTCLOUD_"};
  return upper(name).ends_with("_PROXY") ||
         std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool takes_variables(Command command) {
  return command == Command::apply || command == Command::plan || command == Command::plan_out ||
         command == Command::destroy || command == Command::refresh || command == Command::import;
}

bool takes_a_lock(Command command) { return command != Command::init && command != Command::state_pull; }

std::vector<std::string> words_of(Command command) {
  switch (command) {
    case Command::apply:
      return {"apply", "-auto-approve"};
    case Command::plan:
      return {"plan"};
    case Command::plan_out:
      return {"plan", "-out=plan.tfplan"};
    case Command::apply_plan:
      return {"apply"};
    case Command::destroy:
      return {"destroy", "-auto-approve"};
    case Command::refresh:
      return {"refresh"};
    case Command::import:
      return {"import"};
    case Command::state_pull:
      return {"state", "pull"};
    case Command::state_push:
      return {"state", "push"};
    case Command::state_push_force:
      return {"state", "push", "-force"};
    case Command::state_mv:
      return {"state", "mv"};
    case Command::state_rm:
      return {"state", "rm"};
    case Command::init:
      return {"init", "-reconfigure"};
    default:
      return {};
  }
}

// What comes after all options.
std::vector<std::string> operands_of(Command command) {
  switch (command) {
    case Command::apply_plan:
      return {"plan.tfplan"};
    case Command::import:
      return {"terraform_data.r1", "imported"};
    case Command::state_push:
    case Command::state_push_force:
      return {std::string(pulled_state_file())};
    case Command::state_mv:
      return {"terraform_data.r1", "terraform_data.moved"};
    case Command::state_rm:
      return {"terraform_data.r1"};
    default:
      return {};
  }
}

}  // namespace

std::string_view objection_to(Command command) {
  switch (command) {
    case Command::workspace_new:
    case Command::workspace_new_state:
    case Command::workspace_delete:
    case Command::workspace_delete_force:
      return "commands on workspaces are not forced";
    case Command::init_migrate:
      return "migrations are not forced";
    case Command::repair_digest:
      return "nobody's command repairs a digest";
    case Command::push_commit:
    case Command::push_elsewhere:
    case Command::approve:
    case Command::merge:
    case Command::unlock:
    case Command::unlock_neighbour:
      return "what happens to a pull request is forced on no orchestrator";
    default:
      return {};
  }
}

std::string_view pulled_state_file() { return "pulled.tfstate"; }

std::vector<std::string> arguments_of(Command command, const CommandSettings& line) {
  std::vector<std::string> words = words_of(command);
  // `state` takes neither: it asks nothing, and prints no colours.
  if (command != Command::state_pull) {
    const bool is_of_state = words.front() == "state";
    if (!is_of_state) words.insert(words.end(), {"-no-color", "-input=false"});
  }
  if (takes_variables(command))
    words.insert(words.end(), {"-var", "writer=" + line.writer, "-var", "gate=" + line.gate});
  if (takes_a_lock(command) && !line.locks) words.emplace_back("-lock=false");
  if (takes_a_lock(command) && line.locks && line.lock_timeout.count() > 0)
    words.push_back(fmt::format("-lock-timeout={}s", line.lock_timeout.count()));
  const std::vector<std::string> operands = operands_of(command);
  words.insert(words.end(), operands.begin(), operands.end());
  return words;
}

std::string configuration_of(unsigned resources, const std::string& backend_block) {
  std::string text = "terraform {\n" + backend_block + "\n}\n" +
                     "variable \"writer\" {\n  default = \"an earlier run\"\n}\n"
                     "variable \"gate\" {\n  default = \"\"\n}\n";
  for (unsigned i = 1; i <= resources; ++i) {
    const std::string after = i == 1 ? "" : fmt::format("  depends_on       = [terraform_data.r{}]\n", i - 1);
    text += fmt::format(
        "resource \"terraform_data\" \"r{}\" {{\n{}"
        "  input            = var.writer\n"
        "  triggers_replace = var.writer\n"
        "  provisioner \"local-exec\" {{\n"
        "    command = var.gate == \"\" ? \"true\" : \"curl -sf -m 900 ${{var.gate}}/r{}\"\n"
        "  }}\n}}\n",
        i, after, i);
  }
  return text;
}

Environment clean_environment() {
  Environment clean;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || changes_the_tool(text.substr(0, equals))) continue;
    clean.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  clean["CHECKPOINT_DISABLE"] = "1";
  clean["TF_IN_AUTOMATION"] = "1";
  clean["TF_CLI_CONFIG_FILE"] = "/dev/null";
  return clean;
}

}  // namespace lockstorm::wire::confirm
