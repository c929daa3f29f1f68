#include "scenarios/data/date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kFormOfDate = "0000-00-00";

bool has_form_of_date(std::string_view text) {
  if (text.size() != kFormOfDate.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
    if (kFormOfDate[i] == '-' ? text[i] != '-' : !is_digit) return false;
  }
  return true;
}

}  // namespace

std::expected<std::chrono::year_month_day, std::string> parse_date(std::string_view text) {
  if (!has_form_of_date(text)) return std::unexpected(std::string("a day such as 2027-03-01"));
  const auto number = [&](std::size_t begin, std::size_t count) {
    return std::stoi(std::string(text.substr(begin, count)));
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok()) return std::unexpected(std::string("a day that the calendar has, such as 2027-03-01"));
  return date;
}

std::string date_text(std::chrono::year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace lockstorm::scenarios
