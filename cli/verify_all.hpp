// Verifies several scenarios at once, on as many threads as the user allows.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {

/// The program itself, its threads, and what the allocator keeps: an estimate, with which runs of four
/// clients peaked at 61.4 MiB with `--memory 64M`.
inline constexpr std::size_t kProgramBytes = std::size_t{23} << 20U;

/// Results in the order of the scenarios, whatever order they finish in. One scenario a thread first; threads
/// that have none left help with the others. The user's memory is shared by those at work; a scenario for
/// which its part is too little is explored again, alone, with all of it, so that no result depends on the
/// number of threads.
std::vector<scenarios::VerifyResult> verify_all(const std::vector<scenarios::Scenario>& scenarios,
                                                const Global& global, const std::string& what,
                                                scenarios::VerifyOptions options = {});

/// A counterexample of which more is to be found out: its decisive moment, who plays a part, what would have
/// spared it.
struct OpenQuestion {
  const scenarios::Scenario* scenario = nullptr;
  scenarios::Counterexample* counterexample = nullptr;
};
/// Finds the decisive moments and who plays no part, on as many threads as the user allows.
void complete_stories(const std::vector<OpenQuestion>& open, const Global& global);

/// Tries, for each of them, which change of its scenario would have spared it, on as many threads as the user
/// allows.
void try_changes(const std::vector<OpenQuestion>& untried, const Global& global);

/// Tells on standard error what `expect` says nothing of and is not held: who tests with --expect shall know.
void print_left_out(const scenarios::VerifyResult& result);

/// The worst verdict of all.
scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results);

}  // namespace lockstorm::cli
