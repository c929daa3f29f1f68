// Verifies families of configurations, simplest first: what is violated with few faults is not checked again
// with more.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/verify_all.hpp"

namespace lockstorm::cli {

/// Each family's configurations are in order of rising number of adverse events; those with equally many, of
/// all families, are verified together. A family whose every property is violated is cut short:
/// configurations without a result are removed. Results in the order of the configurations, whose `check` is
/// what was checked.
std::vector<std::vector<scenarios::VerifyResult>> verify_in_waves(
    const std::vector<std::vector<scenarios::Scenario>*>& families, const Global& global);

/// Of each property the first counterexample, which is the one that people are shown.
std::vector<OpenQuestion> first_counterexamples(std::vector<scenarios::VerifyResult>& results);

}  // namespace lockstorm::cli
