// Benchmarks as text, Markdown, JSON and one HTML page with their trend.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "reports/bench/comparison.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// What a run of the suite found.
struct BenchAnswer {
  BenchRun run;
  std::optional<BenchComparison> comparison;  ///< with a baseline or another build
  std::vector<BenchRun> history;              ///< earlier runs, oldest first, then this one
};

std::string text_bench(const BenchAnswer& answer, const Style& style);
std::string markdown_bench(const BenchAnswer& answer);
std::string json_bench(const BenchAnswer& answer);
/// Needs nothing else: a table of the comparison, and a curve over the history for each figure.
std::string html_bench(const BenchAnswer& answer);

/// Three significant digits: "1.24 M", "0.0123".
std::string figure(double value);
/// "+12.3 % (+8.1 to +15.0)".
std::string change_text(const RatioEstimate& ratio);

}  // namespace lockstorm::reports
