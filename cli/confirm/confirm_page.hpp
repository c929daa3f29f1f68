// Confirmations as an HTML page, of one make with the others.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/confirm/confirm_case.hpp"

namespace lockstorm::cli {

/// The evidence of each: the table of steps, what was stored, how the jobs ended, and every request without
/// secrets. `versions`: of the tools, by their names. `servers`: real stores, as they may be shown.
std::string html_confirmations(const std::vector<ConfirmResult>& results,
                               const std::map<std::string, std::string>& versions,
                               const RealServers& servers);

}  // namespace lockstorm::cli
