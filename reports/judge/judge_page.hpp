// Recorded histories as an HTML page: what was found and what was expected instead, beside a diagram of who
// did what when.
#pragma once

#include <span>
#include <string>

#include "reports/judge/judge_report.hpp"

namespace lockstorm::reports {

/// One page that needs nothing else. Of a long history the parts around what was found; how many operations
/// are left out is said. The same histories make the same bytes.
[[nodiscard]] std::string html_judgements(std::span<const JudgedFile> judged);

}  // namespace lockstorm::reports
