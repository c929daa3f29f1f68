// The benchmarks' page: the comparison as a table, and of each figure its medians over all runs of the
// history as a curve.
#include <fmt/format.h>

#include <algorithm>

#include "reports/bench/bench_report.hpp"
#include "reports/format/markup.hpp"

namespace lockstorm::reports {
namespace {

constexpr double kWidth = 420;
constexpr double kHeight = 90;
constexpr double kMargin = 8;

constexpr std::string_view kBenchHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>lockstorm bench</title><style>
:root{color-scheme:light dark;--fg:#1d2430;--bg:#fff;--mute:#57606a;--line:#d0d7de;--red:#c62828;--green:#1a7f37;--blue:#1f6feb}
@media (prefers-color-scheme:dark){:root{--fg:#d0d7de;--bg:#0d1117;--mute:#8b949e;--line:#30363d;--red:#ff7b72;--green:#3fb950;--blue:#58a6ff}}
body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1400px;padding:0 1em;color:var(--fg);background:var(--bg)}
table{border-collapse:collapse}td,th{padding:.25em .8em;border-bottom:1px solid var(--line);text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
.worse{color:var(--red);font-weight:600}.better{color:var(--green);font-weight:600}.mute{color:var(--mute)}
.trends{display:grid;grid-template-columns:repeat(auto-fill,minmax(440px,1fr));gap:1em}figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:.6em}
figcaption{overflow-wrap:anywhere}svg{width:100%;height:auto}polyline{fill:none;stroke:var(--blue);stroke-width:2}circle{fill:var(--blue)}text{fill:var(--mute);font-size:11px}
</style></head><body><h1>Benchmarks</h1>
)";

struct Point {
  std::string label;
  double value = 0;
};

std::vector<Point> trend_of(const std::vector<BenchRun>& history, const std::string& name) {
  std::vector<Point> points;
  for (const BenchRun& run : history) {
    const auto found = std::ranges::find(run.series, name, &BenchSeries::name);
    if (found != run.series.end()) points.push_back({run.label, median(found->samples)});
  }
  return points;
}

std::string curve(const std::vector<Point>& points) {
  double high = 0;
  for (const Point& point : points) high = std::max(high, point.value);
  const double step = points.size() > 1 ? (kWidth - 2 * kMargin) / static_cast<double>(points.size() - 1) : 0;
  std::string line;
  std::string dots;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = kMargin + step * static_cast<double>(i);
    const double y =
        kHeight - kMargin -
        (kHeight - 3 * kMargin) * points[i].value / high;  // from zero, so that small changes look small
    line += fmt::format("{:.1f},{:.1f} ", x, y);
    dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"><title>{}: {}</title></circle>", x, y,
                        escaped(points[i].label), figure(points[i].value));
  }
  return fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" role=\"img\"><line x1=\"0\" y1=\"{2}\" x2=\"{0}\" y2=\"{2}\" "
      "stroke=\"var(--line)\"/>"
      "<text x=\"2\" y=\"12\">{3}</text><polyline points=\"{4}\"/>{5}</svg>",
      kWidth, kHeight, kHeight - kMargin, figure(high), line, dots);
}

std::string comparison_table(const BenchComparison& comparison) {
  std::string out = fmt::format(
      "<table><thead><tr><th>figure</th><th>{}</th><th>{}</th><th>change (95 "
      "%)</th><th>p</th><th></th></tr></thead><tbody>\n",
      escaped(comparison.before), escaped(comparison.after));
  for (const BenchDifference& difference : comparison.differences) {
    out += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{:.3g}</td>"
        "<td class=\"{}\">{}</td></tr>\n",
        escaped(difference.name), figure(difference.before), figure(difference.after),
        change_text(difference.ratio), difference.p, name_of(difference.change), name_of(difference.change));
  }
  return out + "</tbody></table>\n";
}

}  // namespace

std::string html_bench(const BenchAnswer& answer) {
  std::string out(kBenchHead);
  if (answer.comparison) out += comparison_table(*answer.comparison);
  out += fmt::format(
      "<h2>Trend over {} run{}</h2><p class=\"mute\">Medians, from zero; the last point is {}.</p><div "
      "class=\"trends\">\n",
      answer.history.size(), answer.history.size() == 1 ? "" : "s", escaped(answer.run.label));
  for (const BenchSeries& series : answer.run.series) {
    const std::vector<Point> points = trend_of(answer.history, series.name);
    out += fmt::format(
        "<figure><figcaption>{}: <b>{}</b> <span class=\"mute\">{} is "
        "better</span></figcaption>{}</figure>\n",
        escaped(series.name), figure(median(series.samples)),
        series.better == Better::higher ? "higher" : "lower", curve(points));
  }
  return out + "</div></body></html>\n";
}

}  // namespace lockstorm::reports
