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

/// A counterexample whose decisive moment is not known yet.
struct Undecided {
  const scenarios::Scenario* scenario = nullptr;
  scenarios::Counterexample* counterexample = nullptr;
};
/// Finds the decisive moments, on as many threads as the user allows.
void find_decisive_steps(const std::vector<Undecided>& undecided, const Global& global);

/// The worst verdict of all.
scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results);

}  // namespace lockstorm::cli
