// What the tool keeps of a directory's last `init`: the backend with all its arguments, and the workspace.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios {

using Environment = std::map<std::string, std::string>;

/// The `backend` of `.terraform/terraform.tfstate`: a block as `init` has put it together from the
/// configuration, -backend-config and the environment; its place is that file.
struct LastInit {
  BackendBlock block;
  std::string file;  ///< as people are shown it
};

/// Reads it from the directory's `.terraform`, or from where TF_DATA_DIR says (Terraform:
/// internal/command/workdir/backend_state.go, version 3). Nothing where there is none, or none that can be
/// read: then `init` would have to run first.
[[nodiscard]] std::optional<LastInit> last_init(const std::filesystem::path& directory,
                                                const Environment& environment);

/// How the block stands to the last `init`.
enum class SinceInit : std::uint8_t {
  same,     ///< what the block says is what was initialised, as far as it says it
  changed,  ///< it sets what was not initialised, or something else: the tool would ask for another `init`
  moved     ///< another type of backend
};

[[nodiscard]] SinceInit since_init(const BackendBlock& block, const LastInit& last);

/// A workspace, and what selects it; a name without a source is the default one.
struct SelectedWorkspace {
  std::string name = "default";
  ValueSource source;
};

/// TF_WORKSPACE, else `.terraform/environment` (Terraform: internal/command/meta.go, WorkspaceOverridden).
[[nodiscard]] SelectedWorkspace selected_workspace(const std::filesystem::path& directory,
                                                   const Environment& environment);

/// Puts it into the configuration, and says so where it is not the default one.
void tell_workspace(const std::filesystem::path& directory, const Environment& environment,
                    TerraformConfiguration& configuration);

}  // namespace lockstorm::scenarios
