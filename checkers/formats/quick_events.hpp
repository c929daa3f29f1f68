// Events of JSON Lines, read with simdjson where there is nothing to be said about the line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::formats {

/// Whether a text is UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

class QuickEvents {
 public:
  QuickEvents();
  ~QuickEvents();
  QuickEvents(const QuickEvents&) = delete;
  QuickEvents& operator=(const QuickEvents&) = delete;

  /// The event of a line that begins at `line` within `text`; nothing where anything is unusual, be it an
  /// error, an escape, a number with a fraction or a name that is there twice: the careful reader
  /// (checkers/formats/json_lines.cpp) then says what it is. What this one reads, that one reads as the same.
  [[nodiscard]] std::optional<Event> read(std::string_view line, std::string_view text, std::uint32_t number);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace lockstorm::checkers::formats
