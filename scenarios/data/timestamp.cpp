#include "scenarios/data/timestamp.hpp"

#include <fmt/format.h>

#include "scenarios/data/read_number.hpp"

namespace lockstorm::scenarios {
namespace {

// Takes a number of so many digits, and then the character behind it.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, int least, int most, int& out) {
    if (rest_.size() < digits || !read_number<int>(rest_.substr(0, digits), least, most, out)) return false;
    rest_.remove_prefix(digits);
    return true;
  }
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] char last() const { return last_; }
  void skip(std::string_view characters) {
    while (one_of(characters)) {
    }
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  char last_ = 0;
};

// Behind the seconds: a fraction, and how far from UTC.
bool read_offset(TimeReader& reader, std::chrono::minutes& east) {
  if (reader.one_of(".,")) reader.skip("0123456789");
  reader.skip(" ");
  if (reader.one_of("Zz")) return reader.rest().empty();
  if (reader.rest() == "UTC") return true;
  if (!reader.one_of("+-")) return false;
  const int sign = reader.last() == '-' ? -1 : 1;
  int hours = 0;
  int minutes = 0;
  if (!reader.number(2, 0, 23, hours)) return false;
  reader.one_of(":");
  if (!reader.number(2, 0, 59, minutes)) return false;
  east = sign * (std::chrono::hours(hours) + std::chrono::minutes(minutes));
  // Go writes the zone's name as well.
  return reader.rest().empty() || reader.rest().starts_with(' ');
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  TimeReader reader(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool has_date = reader.number(4, 1970, 9999, year) && reader.one_of("-") &&
                        reader.number(2, 1, 12, month) && reader.one_of("-") && reader.number(2, 1, 31, day);
  if (!has_date || !reader.one_of("Tt ")) return std::nullopt;
  const bool has_time = reader.number(2, 0, 23, hour) && reader.one_of(":") &&
                        reader.number(2, 0, 59, minute) && reader.one_of(":") &&
                        reader.number(2, 0, 60, second);
  std::chrono::minutes east{0};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!has_time || !date.ok() || !read_offset(reader, east)) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - east;
}

std::string timestamp_text(Timestamp time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{time - days};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace lockstorm::scenarios
