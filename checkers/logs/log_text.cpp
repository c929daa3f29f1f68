// Lines, times, names and clients, as logs of several clouds write them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "checkers/formats/readers.hpp"
#include "checkers/logs/log_format.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

using std::chrono::nanoseconds;

// `count` digits at `at`, which moves behind them.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    number = number * 10 + (text[at] - '0');
  }
  return number;
}

bool skip(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

// hh:mm:ss
std::optional<nanoseconds> time_of_day(std::string_view text, std::size_t& at) {
  const auto hour = digits(text, at, 2);
  if (!hour || !skip(text, at, ':')) return std::nullopt;
  const auto minute = digits(text, at, 2);
  if (!minute || !skip(text, at, ':')) return std::nullopt;
  const auto second = digits(text, at, 2);
  // A leap second is the sixtieth.
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

// +hh:mm or +hhmm, to be taken away.
std::optional<nanoseconds> zone_offset(std::string_view text, std::size_t& at) {
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int sign = text[at++] == '-' ? -1 : 1;
  const auto hours = digits(text, at, 2);
  (void)skip(text, at, ':');
  const auto minutes = digits(text, at, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (std::chrono::hours(*hours) + std::chrono::minutes(*minutes));
}

std::optional<nanoseconds> day_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // Nanoseconds of 64 bits end in 2262.
  if (!date.ok() || year < 1970 || year > 2200) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch();
}

// Of a second; what is finer than a nanosecond is left out.
nanoseconds fraction(std::string_view text, std::size_t& at) {
  std::int64_t number = 0, unit = 1'000'000'000;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    if (unit == 1) continue;
    unit /= 10;
    number += unit * (text[at] - '0');
  }
  return nanoseconds(number);
}

}  // namespace

LogResult each_line(std::string_view text,
                    const std::function<LogResult(std::string_view line, std::uint32_t number)>& take) {
  if (auto error = formats::not_utf8(text)) return std::unexpected(*std::move(error));
  formats::Lines lines(text);
  while (lines.next()) {
    if (formats::is_blank(lines.line())) continue;
    if (lines.line().size() > kLongestRecordBytes)
      return std::unexpected(HistoryError{
          lines.number(), 1,
          fmt::format("expected lines of at most {} KiB, this one is longer", kLongestRecordBytes >> 10U)});
    if (auto taken = take(lines.line(), lines.number()); !taken) {
      if (lines.is_cut()) taken.error().message = "the line is cut short: " + taken.error().message;
      return taken;
    }
  }
  return {};
}

std::optional<nanoseconds> time_of_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const auto year = digits(text, at, 4);
  if (!year || !skip(text, at, '-')) return std::nullopt;
  const auto month = digits(text, at, 2);
  if (!month || !skip(text, at, '-')) return std::nullopt;
  const auto day = digits(text, at, 2);
  if (!day || (!skip(text, at, 'T') && !skip(text, at, ' '))) return std::nullopt;
  const auto date = day_of(*year, *month, *day);
  const auto time = time_of_day(text, at);
  if (!date || !time) return std::nullopt;
  nanoseconds sum = *date + *time;
  if (skip(text, at, '.')) sum += fraction(text, at);
  if (!skip(text, at, 'Z')) {
    const auto offset = zone_offset(text, at);
    if (!offset) return std::nullopt;
    sum -= *offset;
  }
  if (at != text.size()) return std::nullopt;
  return sum;
}

std::optional<nanoseconds> time_of_access_log(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::size_t at = 0;
  const auto day = digits(text, at, 2);
  if (!day || !skip(text, at, '/')) return std::nullopt;
  const auto* const month = std::ranges::find(kMonths, text.substr(at, 3));
  if (month == kMonths.end()) return std::nullopt;
  at += 3;
  if (!skip(text, at, '/')) return std::nullopt;
  const auto year = digits(text, at, 4);
  if (!year || !skip(text, at, ':')) return std::nullopt;
  const auto date = day_of(*year, static_cast<int>(month - kMonths.begin()) + 1, *day);
  const auto time = time_of_day(text, at);
  if (!date || !time || !skip(text, at, ' ')) return std::nullopt;
  const auto offset = zone_offset(text, at);
  if (!offset || at != text.size()) return std::nullopt;
  return *date + *time - *offset;
}

std::optional<std::int64_t> whole_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = end == text.data() + text.size() || (*end == '.' && end != text.data());
  if (error != std::errc() || !is_whole) return std::nullopt;
  return number;
}

std::string text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* at = &value;
  for (const std::string_view name : path) {
    at = at->field(name);
    if (at == nullptr) return {};
  }
  if (const auto* text = at->text()) return *text;
  if (const auto* number = at->number()) return std::to_string(*number);
  return {};
}

std::optional<NamedObject> named_object(std::string_view name) {
  constexpr std::string_view kLock = ".tflock", kState = ".tfstate";
  if (name.ends_with(kState)) return NamedObject{std::string(name), false};
  if (!name.ends_with(kLock) || name.size() == kLock.size()) return std::nullopt;
  std::string state(name.substr(0, name.size() - kLock.size()));
  // The s3 backend's lock file is KEY.tflock, the gcs backend's is WORKSPACE.tflock beside WORKSPACE.tfstate.
  if (!state.ends_with(kState)) state += kState;
  return NamedObject{std::move(state), true};
}

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (!is_code) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  // What is no text stays as it was written.
  return formats::not_utf8(decoded) ? std::string(text) : decoded;
}

std::string who_from(std::string_view who, std::string_view address) {
  if (who.empty() || who == "-") who = "somebody unnamed";
  if (address.empty() || address == "-") return std::string(who);
  return fmt::format("{} from {}", who, address);
}

}  // namespace lockstorm::checkers::logs
