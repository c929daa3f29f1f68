// Which tool a configuration is for, Terraform or OpenTofu, and in which version, as far as it shows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "models/terraform/backend.hpp"
#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios {

/// A version that a file or a constraint pins exactly.
struct PinnedVersion {
  std::string version;  ///< "1.9.8", "1.10"
  SourceLocation where;
};

/// The tool, and why: "OpenTofu, because ".opentofu-version" is there" is `OpenTofu` and `".opentofu-version"
/// is there`.
struct ToolChoice {
  models::Dialect tool = models::Dialect::terraform;
  std::string reason;    ///< "main.tf:2 has an encryption block, which Terraform refuses"; "--tool"
  SourceLocation where;  ///< what decided; without a file if nothing did
  bool is_told = false;  ///< by --tool, or by something that was found; else it is the default
  std::optional<PinnedVersion> version;  ///< of that tool
};

/// Decides in this order: `asked`; a version file of one tool alone (.terraform-version, .opentofu-version,
/// .tool-versions, mise.toml) in the directory or the nearest folder above it, up to the root of the
/// repository; the registry in `.terraform.lock.hcl`; files of OpenTofu's own (.tofu) and a `language` block
/// for it; an `encryption` block; a reference in the backend block; else Terraform. Files that cannot be read
/// or understood decide nothing.
[[nodiscard]] ToolChoice choose_tool(const TerraformConfiguration& configuration,
                                     const std::filesystem::path& directory,
                                     std::optional<models::Dialect> asked);

}  // namespace lockstorm::scenarios
