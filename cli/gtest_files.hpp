// Writes counterexamples as GoogleTests into a directory.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "scenarios/input_error.hpp"
#include "scenarios/verify.hpp"

namespace lockstorm::cli {

/// One file for each counterexample, into a directory that is made where there is none; "" writes nothing.
std::optional<scenarios::InputError> write_gtests(const std::string& directory,
                                                  std::span<const scenarios::VerifyResult> results);

}  // namespace lockstorm::cli
