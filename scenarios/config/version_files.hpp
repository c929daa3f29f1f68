// Files that pin the version of a tool: .terraform-version, .opentofu-version, .tool-versions, mise.toml.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

struct VersionPin {
  models::Dialect tool = models::Dialect::terraform;
  std::string version;  ///< "1.9.8"; empty for what is no plain version: "latest"
  SourceLocation where;
};

/// What the files of one directory pin: those of tfenv, tofuenv and tenv, of asdf and of mise. What cannot be
/// read or understood is passed over.
[[nodiscard]] std::vector<VersionPin> pins_in(const std::filesystem::path& directory);

/// Whether it is nothing but a version: "1.9", "1.9.8", "1.10.0-beta1".
[[nodiscard]] bool is_plain_version(std::string_view text);

}  // namespace lockstorm::scenarios
