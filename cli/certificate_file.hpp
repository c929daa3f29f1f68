// --certificate: what was proved, in a file, for `lockstorm certify` to find again.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/command_line.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::cli {

void add_certificate_option(CommandLine command, std::string& file);

/// Writes it; "" is none. Why it could not be written, or that there is nothing to certify.
std::optional<scenarios::InputError> write_certificate(const std::string& file,
                                                       std::span<const scenarios::VerifyResult> results);

}  // namespace lockstorm::cli
