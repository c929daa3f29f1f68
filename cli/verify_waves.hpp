// Verifies families of configurations, simplest first: what is violated with few faults is not checked again
// with more.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/verify_all.hpp"

#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {

/// Whether a property that is violated in one configuration is checked in others.
enum class Again : std::uint8_t {
  never,
  by_another_cause,  ///< where the trouble that was enough for it is no part of theirs
};

/// Each family's configurations are in order of rising number of adverse events; those with equally many, of
/// all families, are verified together. A family of which nothing is left to be checked is cut short:
/// configurations without a result are removed. Of a configuration that has a `check` nothing else is asked.
/// Results in the order of the configurations, whose `check` is what was checked.
std::vector<std::vector<scenarios::VerifyResult>> verify_in_waves(
    const std::vector<std::vector<scenarios::Scenario>*>& families, const Global& global, Again again,
    scenarios::VerifyOptions::Mechanisms mechanisms = scenarios::VerifyOptions::Mechanisms::simplest);

}  // namespace lockstorm::cli
