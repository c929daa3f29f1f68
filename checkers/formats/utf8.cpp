// Whether a text is UTF-8, and where it is not.
#include <fmt/format.h>

#include "checkers/formats/quick_events.hpp"
#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

// Bytes of the UTF-8 sequence at the start of `text`; 0 where it is not one.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  const bool is_bad = length > 1 && ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                                     (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F));
  return is_bad ? 0 : length;
}

}  // namespace

std::optional<HistoryError> not_utf8(std::string_view text) {
  if (is_utf8(text)) return std::nullopt;
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at, 4));
    if (length == 0) {
      return HistoryError{line, static_cast<std::uint32_t>(at - line_start + 1),
                          fmt::format("byte 0x{:02x} is not UTF-8: expected text in UTF-8",
                                      static_cast<unsigned char>(text[at]))};
    }
    if (text[at] == '\n') {
      ++line;
      line_start = at + 1;
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace lockstorm::checkers::formats
