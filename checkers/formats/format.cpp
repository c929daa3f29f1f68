#include "checkers/formats/format.hpp"

#include <fmt/format.h>

#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers {
namespace formats {

bool Lines::next() {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  is_cut_ = end == std::string_view::npos;
  line_ = rest_.substr(0, end);
  rest_ = is_cut_ ? std::string_view() : rest_.substr(end + 1);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

std::optional<EventType> event_type_named(std::string_view name) {
  if (name == "invoke") return EventType::invoke;
  if (name == "ok") return EventType::ok;
  if (name == "fail") return EventType::fail;
  if (name == "info" || name == "unknown") return EventType::unknown;
  return std::nullopt;
}

std::string_view name_of(EventType type) {
  return type == EventType::unknown ? "unknown" : jepsen_name_of(type);
}

std::string_view jepsen_name_of(EventType type) {
  switch (type) {
    case EventType::invoke:
      return "invoke";
    case EventType::ok:
      return "ok";
    case EventType::fail:
      return "fail";
    case EventType::unknown:
      return "info";
  }
  return {};
}

void settle_timeout(Event& event, bool is_timed_out) {
  if (is_timed_out && event.type != EventType::invoke) event.type = EventType::unknown;
}

}  // namespace formats

namespace {

std::optional<Format> format_of_line(std::string_view line) {
  if (line.find("jepsen.util") != std::string_view::npos) return Format::jepsen_log;
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  switch (line[first]) {
    case '{': {
      const std::size_t second = line.find_first_not_of(" \t", first + 1);
      return second != std::string_view::npos && line[second] == ':' ? Format::jepsen_edn
                                                                     : Format::json_lines;
    }
    case '[':
    case '#':
    case ';':
      return Format::jepsen_edn;
    case 'I':
    case 'W':
    case 'E':
    case 'D':
      return Format::jepsen_log;
    default:
      return std::nullopt;
  }
}

std::string_view line_numbered(std::string_view text, std::uint32_t number) {
  formats::Lines lines(text);
  while (lines.next())
    if (lines.number() == number) return lines.line();
  return {};
}

// A line of another format is likely why it could not be read.
HistoryError explained(HistoryError error, std::string_view text, Format format) {
  const auto other = format_of_line(line_numbered(text, error.line));
  if (other && *other != format) {
    error.column = 1;
    error.message =
        fmt::format("this line is {} in a file of {}: expected one format", name_of(*other), name_of(format));
  }
  return error;
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::json_lines:
      return "JSON Lines";
    case Format::jepsen_edn:
      return "Jepsen EDN";
    case Format::jepsen_log:
      return "Jepsen log";
  }
  return {};
}

std::optional<Format> recognise(std::string_view text) {
  formats::Lines lines(text);
  while (lines.next())
    if (!formats::is_blank(lines.line())) return format_of_line(lines.line());
  return std::nullopt;
}

std::expected<History, HistoryError> read_history(std::string_view text, std::optional<Format> format) {
  if (auto error = formats::not_utf8(text)) return std::unexpected(*std::move(error));
  if (!format) format = recognise(text);
  if (!format) {
    return std::unexpected(HistoryError{1, 1,
                                        "expected a history: JSON Lines ({\"process\": ...), Jepsen EDN "
                                        "({:process ...) or a Jepsen log (INFO  jepsen.util - ...)"});
  }
  formats::ReadResult read = *format == Format::json_lines   ? formats::read_json_lines(text)
                             : *format == Format::jepsen_edn ? formats::read_jepsen_edn(text)
                                                             : formats::read_jepsen_log(text);
  if (!read) return std::unexpected(explained(std::move(read).error(), text, *format));
  if (read->empty())
    return std::unexpected(HistoryError{1, 1, "the file has no event: expected an invocation"});
  return read;
}

std::string write_history(const History& history, Format format) {
  switch (format) {
    case Format::json_lines:
      return formats::write_json_lines(history);
    case Format::jepsen_edn:
      return formats::write_jepsen_edn(history);
    case Format::jepsen_log:
      return formats::write_jepsen_log(history);
  }
  return {};
}

}  // namespace lockstorm::checkers
