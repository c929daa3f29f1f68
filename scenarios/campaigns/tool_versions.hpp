// Which versions of a tool would start with a backend block.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/configuration.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// Complains if no version of the tool that the configuration lets in (a version file, `required_version`)
/// has the backend and all arguments of the block: that version refuses it, whatever the lock would be worth.
/// Where nothing says which version it is and later ones refuse an argument, an older one is taken for
/// granted.
[[nodiscard]] std::optional<InputError> refused_by_version(const BackendBlock& block, const BackendType& type,
                                                           models::Dialect tool,
                                                           const TerraformConfiguration& configuration,
                                                           std::vector<std::string>& assumptions);

}  // namespace lockstorm::scenarios
