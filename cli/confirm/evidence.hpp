// Evidence of confirmations as files: every request and answer, and what each process has printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/confirm/confirm_case.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

/// A folder below `directory` for each that was performed: requests.jsonl, and a text for each process. The
/// directory is made; a folder of the same name is filled again.
std::optional<scenarios::InputError> write_evidence(const std::string& directory,
                                                    const std::vector<ConfirmResult>& results);

/// What the tool calls itself, "1.11.4"; empty: it does not say.
std::string tool_version(const std::filesystem::path& tool);

}  // namespace lockstorm::cli
