#include "reports/contend/plots.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/contend/time_words.hpp"
#include "reports/format/markup.hpp"

namespace lockstorm::reports {
namespace {

constexpr double kWidth = 720;
constexpr double kLabel = 110;
constexpr double kRow = 18;
constexpr double kCurveHeight = 180;
constexpr double kMargin = 24;

constexpr std::string_view kPlotStyle =
    R"(:root{color-scheme:light dark;--fg:#1d2430;--bg:#fff;--mute:#57606a;--line:#d0d7de;--red:#c62828;--green:#1a7f37;--blue:#1f6feb;--amber:#9a6700}
@media (prefers-color-scheme:dark){:root{--fg:#d0d7de;--bg:#0d1117;--mute:#8b949e;--line:#30363d;--red:#ff7b72;--green:#3fb950;--blue:#58a6ff;--amber:#d29922}}
body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;color:var(--fg);background:var(--bg)}
table{border-collapse:collapse}td,th{padding:.25em .8em;border-bottom:1px solid var(--line);text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
figure{margin:1em 0;border:1px solid var(--line);border-radius:6px;padding:.6em;overflow-x:auto}figcaption{font-weight:600}
svg{width:100%;height:auto}text{fill:var(--mute);font-size:11px}polyline{fill:none;stroke:var(--blue);stroke-width:2}circle{fill:var(--blue)}
.bar,.hold{fill:var(--blue)}.wait{fill:var(--amber)}.run{fill:var(--line)}.queue{fill:var(--mute)}.whisker{stroke:var(--mute)}.limit{stroke:var(--red);stroke-dasharray:4 3}
.mute{color:var(--mute)})";

}  // namespace

std::string plot_page_head(std::string_view title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; "
      "style-src 'unsafe-inline'\"><title>{0}</title><style>\n{1}\n</style></head><body><h1>{0}</h1>\n",
      escaped(title), kPlotStyle);
}

std::string bars_svg(const std::vector<PlotBar>& bars) {
  double most = 1e-9;
  for (const PlotBar& bar : bars) most = std::max(most, bar.value);
  std::string rows;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = kRow * static_cast<double>(i);
    const double width = (kWidth - kLabel - 90) * bars[i].value / most;
    rows += fmt::format(
        "<text x=\"0\" y=\"{0:.1f}\">{1}</text><rect class=\"bar\" x=\"{2:.1f}\" y=\"{3:.1f}\" "
        "width=\"{4:.1f}\" "
        "height=\"12\"/><text x=\"{5:.1f}\" y=\"{0:.1f}\">{6}</text>",
        y + 12, escaped(bars[i].label), kLabel, y + 2, width, kLabel + width + 6, escaped(bars[i].shown));
  }
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">{}</svg>", kWidth,
                     kRow * static_cast<double>(bars.size()) + 4, rows);
}

std::string curve_svg(const std::vector<PlotPoint>& points, double limit) {
  double most = std::max(limit, 1e-9);
  for (const PlotPoint& point : points) most = std::max({most, point.value, point.high});
  const double step = points.size() > 1 ? (kWidth - 2 * kMargin) / static_cast<double>(points.size() - 1) : 0;
  const auto y_of = [&](double value) {
    return kCurveHeight - kMargin - (kCurveHeight - 2 * kMargin) * value / most;
  };
  std::string line;
  std::string marks;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const PlotPoint& point = points[i];
    const double x = kMargin + step * static_cast<double>(i);
    line += fmt::format("{:.1f},{:.1f} ", x, y_of(point.value));
    marks += fmt::format(
        "<line class=\"whisker\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/><circle "
        "cx=\"{0:.1f}\" cy=\"{3:.1f}\" r=\"3\"><title>{4}: {5}</title></circle><text x=\"{0:.1f}\" y=\"{6}\" "
        "text-anchor=\"middle\">{4}</text><text x=\"{0:.1f}\" y=\"{7:.1f}\" "
        "text-anchor=\"middle\">{5}</text>",
        x, y_of(point.low), y_of(point.high), y_of(point.value), escaped(point.label), escaped(point.shown),
        kCurveHeight - 6, y_of(point.high) - 6);
  }
  const std::string across =
      limit > 0 ? fmt::format("<line class=\"limit\" x1=\"0\" y1=\"{0:.1f}\" x2=\"{1}\" y2=\"{0:.1f}\"/>",
                              y_of(limit), kWidth)
                : "";
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">{}<polyline points=\"{}\"/>{}</svg>", kWidth,
                     kCurveHeight, across, line, marks);
}

std::string shaded_table(std::string_view corner, const std::vector<std::string>& columns,
                         const std::vector<std::string>& rows, const std::vector<ShadedCell>& cells) {
  constexpr double kDarkest = 0.55;  // text is still read on it
  std::string text = fmt::format("<table><thead><tr><th scope=\"col\">{}</th>", escaped(corner));
  for (const std::string& column : columns) text += fmt::format("<th scope=\"col\">{}</th>", escaped(column));
  text += "</tr></thead><tbody>\n";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    text += fmt::format("<tr><th scope=\"row\">{}</th>", escaped(rows[row]));
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const ShadedCell& cell = cells[row * columns.size() + column];
      text += fmt::format("<td class=\"n\" style=\"background:rgba(198,40,40,{:.2f})\">{}</td>",
                          kDarkest * std::clamp(cell.share, 0.0, 1.0), escaped(cell.shown));
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table>";
}

std::string lanes_svg(const std::vector<PlotLane>& lanes, std::uint64_t end_us) {
  const double scale = (kWidth - kLabel) / static_cast<double>(std::max<std::uint64_t>(end_us, 1));
  std::string rows;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const double y = kRow * static_cast<double>(i);
    rows += fmt::format("<g><title>{}: {}</title><text x=\"0\" y=\"{:.1f}\">{}</text>",
                        escaped(lanes[i].label), escaped(lanes[i].remark), y + 12, escaped(lanes[i].label));
    for (const LanePiece& piece : lanes[i].pieces) {
      const double from = kLabel + scale * static_cast<double>(piece.from_us);
      const double width = std::max(scale * static_cast<double>(piece.to_us - piece.from_us), 0.5);
      rows += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"12\"/>",
                          piece.kind, from, y + 2, width);
    }
    rows += "</g>";
  }
  const double height = kRow * static_cast<double>(lanes.size()) + 18;
  constexpr int kTicks = 6;
  for (int i = 0; i <= kTicks; ++i) {
    const double share = static_cast<double>(i) / kTicks;
    rows += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                        kLabel + (kWidth - kLabel) * share, height - 4, i == kTicks ? "end" : "middle",
                        span_text(static_cast<double>(end_us) * share / 1e6));
  }
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">{}</svg>", kWidth, height, rows);
}

}  // namespace lockstorm::reports
