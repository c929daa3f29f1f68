// What a confirmation prints.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/confirm/confirm_case.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::cli {

/// The counterexample's steps with what really happened beside each, what is stored before, at the last step
/// and after, how each job has ended, and what the next one says. Of one that was not performed: why.
std::string confirm_text(const ConfirmResult& result, const reports::Style& style);

/// A line for each, and how many came out how.
std::string confirm_summary(const std::vector<ConfirmResult>& results, const reports::Style& style);

/// `versions`: of the tools that were run, by their names.
std::string confirm_json(const std::vector<ConfirmResult>& results,
                         const std::map<std::string, std::string>& versions);

}  // namespace lockstorm::cli
