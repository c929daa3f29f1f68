// What a file for -backend-config says: arguments of a backend block, without the block.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>

#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// Arguments that complete a block, by name.
using BackendArgumentMap = std::map<std::string, Attribute>;

/// Reads such a file, in HCL's native syntax or (`*.json`) in its JSON syntax, as `terraform init` does
/// (internal/command/init.go, backendConfigOverrideBody). An expression that is no literal stays Unresolved.
[[nodiscard]] std::expected<BackendArgumentMap, InputError> read_backend_file(
    const std::filesystem::path& file);

/// The block with these arguments put over its own, as -backend-config does.
[[nodiscard]] BackendBlock completed(BackendBlock block, const BackendArgumentMap& arguments);

}  // namespace lockstorm::scenarios
