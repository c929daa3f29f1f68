// What a Terragrunt unit comes to: the root module that the tool finds when Terragrunt runs it.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/config/terragrunt/terragrunt_unit.hpp"

namespace lockstorm::scenarios::terragrunt {

/// A unit as a root module.
struct UnitConfiguration {
  TerraformConfiguration configuration;
  std::optional<std::filesystem::path> module;  ///< absolute: the directory that it runs, if that is another
};

/// Whether Terragrunt has something to run here: a module, *.tf files of its own, or something included. A
/// file that is only there to be included is no unit, though it may look like one that generates all it has.
enum class Standing : std::uint8_t { unit, unit_unless_included, none };
[[nodiscard]] Standing standing_of(const Unit& unit, bool has_configuration);

/// Puts together the files of the module, those beside the unit, what `generate` blocks write, and the
/// backend block that `remote_state` writes or completes (Terragrunt: internal/runner/run/run.go,
/// GenerateConfig; internal/codegen/generate.go). Complains about what Terragrunt or the tool would refuse,
/// and where nothing says what backend a module from elsewhere has. `directory` is the unit's, as it is
/// shown.
[[nodiscard]] std::expected<UnitConfiguration, InputError> configuration_of(
    const Unit& unit, const std::filesystem::path& directory, FileCache& files, const ReadOptions& options);

}  // namespace lockstorm::scenarios::terragrunt
