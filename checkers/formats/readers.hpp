// What the reader and the writer of each format offer to format.cpp, and what the readers share.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::formats {

using ReadResult = std::expected<History, HistoryError>;

[[nodiscard]] ReadResult read_json_lines(std::string_view text);
/// The same without the quick reader, which it is held to.
[[nodiscard]] ReadResult read_json_lines_with_care(std::string_view text);
[[nodiscard]] ReadResult read_jepsen_edn(std::string_view text);
[[nodiscard]] ReadResult read_jepsen_log(std::string_view text);
[[nodiscard]] std::string write_json_lines(const History& history);
[[nodiscard]] std::string write_jepsen_edn(const History& history);
[[nodiscard]] std::string write_jepsen_log(const History& history);

/// The lines of a text, numbered from 1; without their ends (LF or CR LF).
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  /// False at the end of the text.
  bool next();
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::uint32_t number() const { return number_; }
  /// Whether this is the last line and nothing ends it: where it cannot be read the file is cut short.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  std::string_view rest_, line_;
  std::uint32_t number_ = 0;
  bool is_cut_ = false;
};

/// The first byte of the text that is not UTF-8, or nothing.
[[nodiscard]] std::optional<HistoryError> not_utf8(std::string_view text);

[[nodiscard]] bool is_blank(std::string_view line);

/// "info" and "unknown" are the same.
[[nodiscard]] std::optional<EventType> event_type_named(std::string_view name);
/// As Lockstorm writes it: "unknown".
[[nodiscard]] std::string_view name_of(EventType type);
/// As Jepsen writes it: "info".
[[nodiscard]] std::string_view jepsen_name_of(EventType type);

/// A read event that Jepsen's readers refine: a value :timed-out says that the result is unknown.
void settle_timeout(Event& event, bool is_timed_out);

}  // namespace lockstorm::checkers::formats
