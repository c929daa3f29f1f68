#include <fmt/format.h>

#include "reports/contend/contend_report.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/format/markdown.hpp"

namespace lockstorm::reports {

std::string contend_markdown(std::span<const scenarios::ContendResult> results) {
  std::string text =
      "| scenario | jobs | wait: half | 9 of 10 | 99 of 100 | longest | give up | lock is held | requests a "
      "job | "
      "price a job |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const scenarios::ContendResult& result : results) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                        markdown_text(result.scenario.name), result.jobs, span_text(result.wait.p50_s.value),
                        span_text(result.wait.p90_s.value), span_text(result.wait.p99_s.value),
                        span_text(result.wait.max_s), percent_text(result.ends.gave_up.value),
                        percent_text(result.utilisation.value), number_text(result.requests_each.value),
                        price_text(result.nanodollars_each.value));
  }
  return text;
}

}  // namespace lockstorm::reports
