// Drawings for pages that need no script: curves, bars, lanes, and a table of shades.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::reports {

/// A page's beginning up to its first heading, in light and dark.
std::string plot_page_head(std::string_view title);
inline constexpr std::string_view kPlotPageEnd = "</body></html>\n";

struct PlotBar {
  std::string label;
  double value = 0;
  std::string shown;  ///< the value in words
};
std::string bars_svg(const std::vector<PlotBar>& bars);

struct PlotPoint {
  std::string label;  ///< below the point
  double value = 0;
  double low = 0;
  double high = 0;
  std::string shown;
};
/// A curve from zero up, with the interval of each point. `limit`: a line across; 0: none.
std::string curve_svg(const std::vector<PlotPoint>& points, double limit = 0);

struct ShadedCell {
  double share = 0;  ///< from 0, no shade, to 1
  std::string shown;
};
/// A table of shades, row by row.
std::string shaded_table(std::string_view corner, const std::vector<std::string>& columns,
                         const std::vector<std::string>& rows, const std::vector<ShadedCell>& cells);

struct LanePiece {
  std::uint64_t from_us = 0;
  std::uint64_t to_us = 0;
  std::string_view kind;  ///< wait, hold, run, queue
};
struct PlotLane {
  std::string label;
  std::vector<LanePiece> pieces;
  std::string remark;
};
std::string lanes_svg(const std::vector<PlotLane>& lanes, std::uint64_t end_us);

}  // namespace lockstorm::reports
