#include "reports/contend/contend_html.hpp"

#include <fmt/format.h>

#include "reports/contend/advice_report.hpp"
#include "reports/contend/contend_report.hpp"
#include "reports/contend/plots.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markup.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::ContendResult;
using scenarios::Estimate;

std::string figure_of(std::string_view caption, const std::string& drawing) {
  return fmt::format("<figure><figcaption>{}</figcaption>{}</figure>\n", escaped(caption), drawing);
}

std::string table_row(std::string_view label, const std::string& value) {
  return fmt::format("<tr><td>{}</td><td class=\"n\">{}</td></tr>\n", escaped(label), escaped(value));
}

std::string waits_figure(const ContendResult& result) {
  std::vector<PlotBar> bars;
  for (const auto& bin : result.histogram.bins()) {
    const std::string label = bin.to_us <= 1 ? "not at all" : "up to " + span_text_us(bin.to_us);
    bars.push_back({label, static_cast<double>(bin.count), grouped(bin.count)});
  }
  return figure_of("How many jobs waited how long for the lock", bars_svg(bars));
}

std::string figures_table(const ContendResult& result) {
  std::string text = "<table><tbody>\n";
  const auto time = [&](std::string_view label, const Estimate& estimate) {
    text += table_row(label, with_interval(estimate, span_text));
  };
  const auto share = [&](std::string_view label, const Estimate& estimate) {
    text += table_row(label, with_interval(estimate, percent_text));
  };
  time("half of the jobs wait at most", result.wait.p50_s);
  time("9 of 10", result.wait.p90_s);
  time("99 of 100", result.wait.p99_s);
  text += table_row("the longest wait", span_text(result.wait.max_s));
  share("jobs done", result.ends.done);
  share("gave up waiting", result.ends.gave_up);
  share("stopped by an error of the lock request", result.ends.refused);
  share("failed", result.ends.failed);
  share("killed", result.ends.killed);
  share("the lock is held", result.utilisation);
  text += table_row("jobs done an hour", with_interval(result.done_per_hour, number_text));
  share("overtaken, of those who wait", result.fairness.overtaken_share);
  text += table_row("overtaken at the most", fmt::format("{} times", result.fairness.overtakings_max));
  text += table_row("Jain's index of their waits", with_interval(result.fairness.jain, number_text));
  text += table_row("requests a job", with_interval(result.requests_each, number_text));
  text += table_row("price a job", with_interval(result.nanodollars_each, price_text));
  if (result.recovery.recovered > 0)
    text +=
        table_row("from a killed holder to the next grant, on average", span_text(result.recovery.mean_s));
  for (const scenarios::SafetyEstimate& estimate : result.safety)
    text += table_row(checkers::property_name(estimate.property), safety_words(estimate));
  return text + "</tbody></table>\n";
}

std::string section_of(const ContendResult& result) {
  std::string text = fmt::format("<h2>{}</h2>\n<p>{}; {}, {}, seed {}</p>\n", escaped(result.scenario.name),
                                 escaped(scenarios::summary(result.scenario)), counted(result.runs, "run"),
                                 counted(result.jobs, "job"), result.seed);
  if (result.cut_off > 0 && result.stuck)
    text += fmt::format("<p>{} of the runs were cut off: {}.</p>\n", result.cut_off,
                        escaped(stuck_text(*result.stuck)));
  text += waits_figure(result) + figures_table(result);
  if (result.overtaking) text += fmt::format("<p>{}</p>\n", escaped(overtaking_words(*result.overtaking)));
  return text;
}

using Words = std::string (*)(std::uint64_t);

std::string plain_words(std::uint64_t value) { return fmt::format("{}", value); }
std::string seconds_words(std::uint64_t value) { return span_text(static_cast<double>(value)); }
std::string group_number_words(std::uint64_t value) {
  return std::string(group_words(static_cast<scenarios::Group>(value)));
}

std::string wait_curve(const scenarios::TriedCurve& curve, Words words, double limit_s) {
  std::vector<PlotPoint> points;
  for (const scenarios::TriedSetting& one : curve.tried)
    points.push_back({words(one.value), one.wait.p99_s.value, one.wait.p99_s.low, one.wait.p99_s.high,
                      span_text(one.wait.p99_s.value)});
  return curve_svg(points, limit_s);
}

std::string share_curve(const scenarios::TriedCurve& curve, Words words) {
  std::vector<PlotPoint> points;
  for (const scenarios::TriedSetting& one : curve.tried)
    points.push_back({words(one.value), one.gave_up.value, one.gave_up.low, one.gave_up.high,
                      percent_text(one.gave_up.value)});
  return curve_svg(points);
}

std::string grid_figure(const scenarios::TriedGrid& grid, bool bursts) {
  std::vector<std::string> columns;
  std::vector<std::string> rows;
  std::vector<ShadedCell> cells;
  for (const std::uint32_t count : grid.pipelines) columns.push_back(fmt::format("{}", count));
  for (const std::uint32_t seconds : grid.timeouts_s) rows.push_back(seconds_words(seconds));
  for (const scenarios::TriedSetting& one : grid.tried)
    cells.push_back({one.gave_up.value, percent_text(one.gave_up.value)});
  return figure_of(fmt::format("Share that gives up, by -lock-timeout and {}; {} of each",
                               bursts ? "jobs of a burst" : "pipelines", counted(grid.runs, "run")),
                   shaded_table("-lock-timeout", columns, rows, cells));
}

std::string section_of_advice(const scenarios::ContendAdvice& advice) {
  return fmt::format("<h2>{}: what to set</h2>\n", escaped(advice.scenario.name)) + advice_figures(advice);
}

}  // namespace

std::string advice_figures(const scenarios::ContendAdvice& advice) {
  const AdviceSentences said = advice_sentences(advice);
  const double bound_s = static_cast<double>(advice.bound.count()) / 1000;
  std::string text = figure_of("Share that gives up, by -lock-timeout. " + said.timeouts,
                               share_curve(advice.timeouts, seconds_words));
  if (advice.pipelines)
    text += figure_of("99 of 100 wait at most, by load. " + said.pipelines,
                      wait_curve(*advice.pipelines, plain_words, bound_s));
  if (advice.grid)
    text += grid_figure(*advice.grid, advice.settings->arrivals.kind == scenarios::ArrivalKind::bursts);
  if (advice.states)
    text += figure_of("99 of 100 wait at most, by number of states. " + said.states,
                      wait_curve(*advice.states, plain_words, bound_s));
  text += figure_of("99 of 100 wait at most, by group. " + said.groups,
                    wait_curve(advice.groups, group_number_words, 0));
  if (advice.dynamodb)
    text += figure_of("99 of 100 wait at most, by DynamoDB's requests a second. " + said.dynamodb,
                      wait_curve(*advice.dynamodb, plain_words, 0));
  return text;
}

std::string contend_html(std::span<const ContendResult> results,
                         std::span<const scenarios::ContendAdvice> advice) {
  std::string page = plot_page_head("Waiting for the lock");
  for (const ContendResult& result : results) page += section_of(result);
  for (const scenarios::ContendAdvice& one : advice) page += section_of_advice(one);
  return page + std::string(kPlotPageEnd);
}

}  // namespace lockstorm::reports
