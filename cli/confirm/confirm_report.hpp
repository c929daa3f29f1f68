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

/// What happened at a step, or instead.
std::string real_text(const wire::confirm::StepEvidence& evidence);
std::string_view step_kind_name(wire::confirm::StepEvidence::Kind kind);
/// "s3 states/app.tfstate: serial 2 by client-1, no lock".
std::string holding_text(const wire::confirm::Holding& holding);
/// "status 0".
std::string ending_of(const wire::confirm::ToolRun& run);
/// What the confirmation came to, a sentence or two.
std::string conclusion_of(const wire::confirm::Performed& performed);
std::string times_text(const wire::confirm::Performed& performed);
/// "3 confirmed, 1 different".
std::string counts_text(const std::vector<ConfirmResult>& results);

/// A line for each, and how many came out how.
std::string confirm_summary(const std::vector<ConfirmResult>& results, const reports::Style& style);

/// `versions`: of the tools that were run, by their names.
std::string confirm_json(const std::vector<ConfirmResult>& results,
                         const std::map<std::string, std::string>& versions);

}  // namespace lockstorm::cli
