#include "scenarios/backends/workspace_settings.hpp"

#include "scenarios/data/arguments.hpp"
#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

void WorkspaceSettings::read_workspace(YamlReader& reader, const YAML::Node& section) {
  reader.text(section, {"workspace", "the workspace that jobs work in"}, workspace);
  reader.flag(section,
              {"workspace_exists", "false: the workspace is not there yet, and the first jobs create it"},
              workspace_exists);
}

void WorkspaceSettings::take_workspace(const BackendArguments& arguments, std::string_view otherwise,
                                       std::vector<std::string>& assumptions) {
  workspace = arguments.workspace();
  assumptions.emplace_back(is_default_workspace() ? otherwise
                                                  : "jobs work in a named workspace, which is there already");
}

void WorkspaceSettings::add_workspace_mode(std::vector<std::string>& modes) const {
  if (!is_default_workspace()) modes.emplace_back("workspace");
}

bool WorkspaceSettings::read_workspace_mode(std::string_view mode) {
  if (mode != "workspace") return false;
  workspace = "named";
  return true;
}

}  // namespace lockstorm::scenarios
