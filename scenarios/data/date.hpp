// Days as users write them: 2027-03-01.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

/// YYYY-MM-DD, a day that exists; or why not, in one clause.
[[nodiscard]] std::expected<std::chrono::year_month_day, std::string> parse_date(std::string_view text);

/// The same back.
[[nodiscard]] std::string date_text(std::chrono::year_month_day date);

}  // namespace lockstorm::scenarios
