// Recorded histories as an HTML timeline: a lane for each process, a bar for each operation, what the proofs
// name in red.
#pragma once

#include <span>
#include <string>

#include "reports/judge/judge_report.hpp"

namespace lockstorm::reports {

/// One page that needs nothing else: no script, no other file. Of a long history the part around the first
/// finding.
[[nodiscard]] std::string html_timeline(std::span<const JudgedFile> judged);

}  // namespace lockstorm::reports
