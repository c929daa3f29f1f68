#include "scenarios/data/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace lockstorm::scenarios {

std::expected<std::chrono::milliseconds, std::string> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}}};
  const std::string expected = "a duration such as 90s, 5m or 1h30m";
  if (text.empty()) return std::unexpected(expected);
  double total_ms = 0;
  while (!text.empty()) {
    double value = 0;
    const bool is_number = text.front() == '.' || (text.front() >= '0' && text.front() <= '9');  // not "inf"
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !is_number) return std::unexpected(expected);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() && value == 0 && total_ms == 0) break;
    if (text.empty())
      return std::unexpected(fmt::format("{} with its unit, which the tools demand too", expected));
    const auto unit =
        std::ranges::find_if(kUnits, [&](const auto& known) { return text.starts_with(known.first); });
    if (unit == kUnits.end()) return std::unexpected(expected);
    total_ms += value * unit->second;
    text.remove_prefix(unit->first.size());
  }
  if (total_ms > 3.6e6 * 24 * 365) return std::unexpected("a duration below a year");
  return std::chrono::milliseconds(static_cast<std::int64_t>(total_ms));
}

}  // namespace lockstorm::scenarios
