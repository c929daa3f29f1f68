// Verifies several scenarios at once, on as many threads as the user allows.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace lockstorm::cli {

/// Results in the order of the scenarios, whatever order they finish in. The memory bound is the user's,
/// shared by the threads.
std::vector<scenarios::VerifyResult> verify_all(const std::vector<scenarios::Scenario>& scenarios,
                                                const Global& global, const std::string& what,
                                                scenarios::VerifyOptions options = {});

/// The worst verdict of all.
scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results);

}  // namespace lockstorm::cli
