// Verifies families of configurations, simplest first: what is violated with few faults is not checked again
// with more.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace lockstorm::cli {

/// Each family's configurations are in order of rising number of adverse events; those with equally many, of
/// all families, are verified together. A family whose every property is violated is cut short:
/// configurations without a result are removed. Results in the order of the configurations, whose `check` is
/// what was checked.
std::vector<std::vector<scenarios::VerifyResult>> verify_in_waves(
    const std::vector<std::vector<scenarios::Scenario>*>& families, const Global& global);

/// Verifies again, now with decisive moments, the first configuration that violates each property.
void find_decisive_moments(std::vector<scenarios::VerifyResult>& results, const Global& global);

}  // namespace lockstorm::cli
