#include "reports/contend/time_words.hpp"

#include <fmt/format.h>

namespace lockstorm::reports {

std::string span_text(double seconds) {
  if (seconds < 0.005) return "0 s";
  if (seconds < 1) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  constexpr std::uint64_t kMinute = 60;
  constexpr std::uint64_t kHour = 60 * kMinute;
  constexpr std::uint64_t kDay = 24 * kHour;
  if (whole < kHour) return fmt::format("{}m {:02}s", whole / kMinute, whole % kMinute);
  if (whole < kDay) return fmt::format("{}h {:02}m", whole / kHour, whole % kHour / kMinute);
  return fmt::format("{}d {:02}h", whole / kDay, whole % kDay / kHour);
}

std::string span_text_us(std::uint64_t microseconds) {
  return span_text(static_cast<double>(microseconds) / 1e6);
}

std::string percent_text(double share) {
  const double percent = share * 100;
  if (percent == 0) return "0 %";
  if (percent < 0.01) return "< 0.01 %";
  if (percent < 1) return fmt::format("{:.2f} %", percent);
  if (percent > 99 && percent < 100) return fmt::format("{:.2f} %", percent);
  if (percent >= 100) return "100 %";
  return fmt::format("{:.1f} %", percent);
}

std::string price_text(double nanodollars) {
  if (nanodollars == 0) return "$0";
  return fmt::format("${:.6f}", nanodollars / 1e9);
}

std::string number_text(double number) { return fmt::format("{:.2f}", number); }

std::string with_interval(const scenarios::Estimate& estimate, std::string (*words)(double)) {
  if (estimate.low == estimate.high) return words(estimate.value);
  return fmt::format("{} ({} to {})", words(estimate.value), words(estimate.low), words(estimate.high));
}

}  // namespace lockstorm::reports
