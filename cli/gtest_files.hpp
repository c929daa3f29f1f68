// Writes counterexamples as GoogleTests into a directory.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "scenarios/data/input_error.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::cli {

/// Makes the directory where there is none, before long work is done for it; "" makes nothing.
std::optional<scenarios::InputError> make_gtest_directory(const std::string& directory);

/// One file for each counterexample, into a directory that is there; "" writes nothing. A
/// test of another scenario that has the same name stays: the new one gets a number.
std::optional<scenarios::InputError> write_gtests(const std::string& directory,
                                                  std::span<const scenarios::VerifyResult> results);

}  // namespace lockstorm::cli
