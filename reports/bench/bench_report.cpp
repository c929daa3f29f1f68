#include "reports/bench/bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markdown.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::printable;

std::string arrow(Better better) { return better == Better::higher ? "higher is better" : "lower is better"; }

std::string percent(double ratio) { return fmt::format("{:+.1f}", 100 * (ratio - 1)); }

Ink ink_of(Change change) {
  return change == Change::worse ? Ink::red : change == Change::better ? Ink::green : Ink::dim;
}

std::string verdict_text(const BenchComparison& comparison) {
  std::size_t worse = 0, better = 0, unclear = 0;
  for (const BenchDifference& difference : comparison.differences) {
    worse += difference.change == Change::worse ? 1 : 0;
    better += difference.change == Change::better ? 1 : 0;
    unclear += difference.change == Change::unclear ? 1 : 0;
  }
  std::string text = fmt::format("{} of {} worse, {} better", counted(worse, "figure"),
                                 comparison.differences.size(), better);
  if (unclear > 0) text += fmt::format(", {} with too few samples to tell", unclear);
  return text;
}

std::string method_text(const BenchComparison& comparison) {
  return fmt::format(
      "{} against {}, {}. A figure counts as changed when its median ratio is beyond {:g} % and a "
      "Mann-Whitney U test, "
      "corrected for {} (Holm), gives p < 0.05.",
      scenarios::printable(comparison.after), scenarios::printable(comparison.before),
      comparison.interleaved ? "measured in turn"
                             : "not measured at the same time: a busier machine looks like slower code",
      100 * comparison.threshold, counted(comparison.differences.size(), "figure"));
}

nlohmann::ordered_json json_of(const BenchComparison& comparison) {
  nlohmann::ordered_json json{{"before", comparison.before},
                              {"after", comparison.after},
                              {"interleaved", comparison.interleaved},
                              {"threshold", comparison.threshold},
                              {"differences", nlohmann::ordered_json::array()},
                              {"only_before", comparison.only_before},
                              {"only_after", comparison.only_after}};
  for (const BenchDifference& difference : comparison.differences) {
    json["differences"].push_back({{"name", difference.name},
                                   {"better", difference.better == Better::higher ? "higher" : "lower"},
                                   {"before", difference.before},
                                   {"after", difference.after},
                                   {"ratio", difference.ratio.ratio},
                                   {"ratio_low", difference.ratio.low},
                                   {"ratio_high", difference.ratio.high},
                                   {"p", difference.p},
                                   {"change", name_of(difference.change)}});
  }
  return json;
}

}  // namespace

std::string figure(double value) {
  const double size = std::abs(value);
  if (size >= 1e9) return fmt::format("{:.3g} G", value / 1e9);
  if (size >= 1e6) return fmt::format("{:.3g} M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.3g} k", value / 1e3);
  return fmt::format("{:.3g}", value);
}

std::string change_text(const RatioEstimate& ratio) {
  if (!std::isfinite(ratio.high)) return percent(ratio.ratio) + " %";
  return fmt::format("{} % ({} to {})", percent(ratio.ratio), percent(ratio.low), percent(ratio.high));
}

std::string text_bench(const BenchAnswer& answer, const Style& style) {
  std::size_t width = 0;
  for (const BenchSeries& series : answer.run.series)
    width = std::max(width, text_width(printable(series.name)));
  std::string out;
  if (!answer.comparison) {
    for (const BenchSeries& series : answer.run.series) {
      const auto [low, high] = std::ranges::minmax(series.samples);
      out += fmt::format("{}  {:>8}  ({} to {})  {}\n", pad(printable(series.name), width),
                         figure(median(series.samples)), figure(low), figure(high), arrow(series.better));
    }
    return out;
  }
  for (const BenchDifference& difference : answer.comparison->differences) {
    out += fmt::format("{}  {:>8} -> {:>8}  {}  {}\n", pad(printable(difference.name), width),
                       figure(difference.before), figure(difference.after),
                       pad(change_text(difference.ratio), 26),
                       style(ink_of(difference.change), name_of(difference.change)));
  }
  out += "\n" + verdict_text(*answer.comparison) + "\n" + paragraph(method_text(*answer.comparison), style);
  for (const std::string& name : answer.comparison->only_before)
    out += fmt::format("gone: {}\n", printable(name));
  for (const std::string& name : answer.comparison->only_after)
    out += fmt::format("new: {}\n", printable(name));
  return out;
}

std::string markdown_bench(const BenchAnswer& answer) {
  std::string out = "## Benchmarks\n\n";
  if (!answer.comparison) {
    out += "| figure | median | range | |\n|---|---|---|---|\n";
    for (const BenchSeries& series : answer.run.series) {
      const auto [low, high] = std::ranges::minmax(series.samples);
      out += fmt::format("| {} | {} | {} to {} | {} |\n", markdown_text(series.name),
                         figure(median(series.samples)), figure(low), figure(high), arrow(series.better));
    }
    return out;
  }
  const BenchComparison& comparison = *answer.comparison;
  out += fmt::format("**{}**\n\n| figure | {} | {} | change (95 %) | p | |\n|---|---|---|---|---|---|\n",
                     verdict_text(comparison), markdown_text(comparison.before),
                     markdown_text(comparison.after));
  for (const BenchDifference& difference : comparison.differences) {
    const std::string mark = difference.change == Change::worse    ? ":red_circle: worse"
                             : difference.change == Change::better ? ":green_circle: better"
                                                                   : std::string(name_of(difference.change));
    out += fmt::format("| {} | {} | {} | {} | {:.3g} | {} |\n", markdown_text(difference.name),
                       figure(difference.before), figure(difference.after), change_text(difference.ratio),
                       difference.p, mark);
  }
  return out + "\n" + markdown_text(method_text(comparison)) + "\n";
}

std::string json_bench(const BenchAnswer& answer) {
  nlohmann::ordered_json json{{"lockstorm", kVersion}};
  json.update(json_of(answer.run));
  if (answer.comparison) json["comparison"] = json_of(*answer.comparison);
  return json_text(json);
}

}  // namespace lockstorm::reports
