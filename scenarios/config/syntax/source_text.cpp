#include "scenarios/config/syntax/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios {
namespace {

bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::size_t utf8_length(unsigned char lead) {
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  if (lead >= 0xE0) return lead <= 0xEF ? 3 : 0;
  return lead >= 0xC2 && lead <= 0xDF ? 2 : 0;
}

std::string describe_beyond_ascii(std::string_view rest) {
  const std::size_t length = utf8_length(static_cast<unsigned char>(rest[0]));
  const bool complete = length != 0 && length <= rest.size() &&
                        std::ranges::all_of(rest.substr(1, length - 1), is_continuation_byte);
  if (!complete) return fmt::format("byte 0x{:02X} (not UTF-8 text)", static_cast<unsigned char>(rest[0]));
  auto code_point = static_cast<std::uint32_t>(static_cast<unsigned char>(rest[0]) & (0xFF >> (length + 1)));
  for (const char c : rest.substr(1, length - 1))
    code_point = code_point << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return fmt::format("'{}' (U+{:04X})", rest.substr(0, length),
                     code_point);  // some look like ASCII, or like nothing
}

}  // namespace

SourceText::SourceText(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {
  line_begins_.push_back(text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_begins_.push_back(i + 1);
  }
}

SourceLocation SourceText::location(std::size_t offset) const {
  offset = std::clamp(offset, line_begins_.front(), text_.size());
  const auto next_line = std::ranges::upper_bound(line_begins_, offset);
  const std::size_t line_begin = *std::prev(next_line);
  const auto before = std::string_view(text_).substr(line_begin, offset - line_begin);
  const auto continuations = std::ranges::count_if(before, is_continuation_byte);
  return {file_, static_cast<unsigned>(next_line - line_begins_.begin()),
          static_cast<unsigned>(before.size() - static_cast<std::size_t>(continuations)) + 1};
}

std::expected<SourceText, InputError> read_source(const std::filesystem::path& file) {
  auto text = read_input_file(file, kConfigurationFile);
  if (!text) return std::unexpected(std::move(text).error());
  return SourceText(file.string(), *std::move(text));
}

std::string describe_next(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "end of file";
  const std::string_view rest = text.substr(offset);
  const auto first = static_cast<unsigned char>(rest[0]);
  if (rest.starts_with('\n') || rest.starts_with("\r\n")) return "end of line";
  if (first < 0x20 || first == 0x7F) return fmt::format("control character 0x{:02X}", first);
  if (first >= 0x80) return describe_beyond_ascii(rest);
  if (!is_word_character(rest[0])) return fmt::format("'{}'", rest[0]);
  // Which one is not said: where the syntax is broken it may be part of a password.
  return "word";
}

}  // namespace lockstorm::scenarios
