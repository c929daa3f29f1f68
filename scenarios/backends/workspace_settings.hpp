// The workspace of the backends whose jobs may have to create it first: s3, pg, oci, oss, cos.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct WorkspaceSettings {
  std::string workspace = "default";
  bool workspace_exists = true;  ///< false: the first jobs create it

  [[nodiscard]] bool is_default_workspace() const { return workspace == "default"; }
  /// Whether there is a state before any job runs. The default workspace is never created.
  [[nodiscard]] bool has_state_at_first() const { return is_default_workspace() || workspace_exists; }
  void read_workspace(YamlReader& reader, const YAML::Node& section);

  /// That of an audit; which one it is, or `otherwise` of the default one, goes to `assumptions`.
  void take_workspace(const BackendArguments& arguments, std::string_view otherwise,
                      std::vector<std::string>& assumptions);
  /// A named one is a mode of its own in the names of an audit's configurations.
  void add_workspace_mode(std::vector<std::string>& modes) const;
  bool read_workspace_mode(std::string_view mode);
};

/// For BackendConfig::changes.
template <std::derived_from<WorkspaceSettings> Config>
void add_existing_workspace(const Config& settings, std::vector<BackendChange>& changes) {
  if (settings.workspace_exists) return;
  changes.push_back(changed(settings, "the workspace is created before jobs run at once",
                            {.backend = {{"workspace_exists", "true"}}},
                            [](Config& config) { config.workspace_exists = true; }));
}

}  // namespace lockstorm::scenarios
