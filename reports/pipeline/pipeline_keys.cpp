#include <fmt/format.h>

#include <set>

#include "reports/format/layout.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/pipeline/overlap.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using scenarios::printable;

std::string run_words(const pl::RunOf& run) {
  return fmt::format("'{}' ({}{})", run.job().name, run.run->when,
                     run.run->leg.empty() ? "" : ", " + run.run->leg);
}

std::string keys_of(const pl::JobRun& run) {
  std::string text;
  for (const pl::Serialiser& held : run.serialisers)
    text += fmt::format("{}`{}`{}", text.empty() ? "" : " and ", held.key.text,
                        held.key.is_fresh ? " (new in each run)" : "");
  return text.empty() ? "nothing" : text;
}

}  // namespace

std::string explain_keys(const PipelineAnswer& answer, const Style& style) {
  std::string text;
  std::set<std::string> told;
  const auto runs = pl::all_runs(answer.pipeline);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t j = i; j < runs.size(); ++j) {
      const auto& a = runs[i].lockers;
      const auto& b = runs[j].lockers;
      const pl::Meeting meeting = pl::meet(a, b);
      if (!meeting) continue;
      const pl::Serialiser* const by = pl::what_excludes(runs[i], runs[j]);
      std::string line = fmt::format("{} and {}{} at {}: ", run_words(runs[i]), i == j ? "another " : "",
                                     run_words(runs[j]), meeting.a->state.text());
      line += by != nullptr ? fmt::format("never at once, both have the {} `{}`", pl::keeper_name(by->keeper),
                                          by->key.text)
                            : fmt::format("can be under way at once: one has {}, the other {}",
                                          keys_of(*runs[i].run), keys_of(*runs[j].run));
      if (!told.insert(line).second) continue;
      text += paragraph(printable(line), style, 10, by != nullptr ? "  apart" : "  at once");
    }
  }
  const std::string unread = unread_words(answer);
  if (text.empty()) return "no two runs meet at a state" + unread + "\n";
  return unread.empty() ? text : text + "this is so" + unread + "\n";
}

}  // namespace lockstorm::reports
