#include "scenarios/backends/workspace_settings.hpp"

#include "scenarios/data/yaml_reader.hpp"

namespace lockstorm::scenarios {

void WorkspaceSettings::read_workspace(YamlReader& reader, const YAML::Node& section) {
  reader.text(section, {"workspace", "the workspace that jobs work in"}, workspace);
  reader.flag(section,
              {"workspace_exists", "false: the workspace is not there yet, and the first jobs create it"},
              workspace_exists);
}

}  // namespace lockstorm::scenarios
