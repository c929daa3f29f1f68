// One configuration file in memory: its text, and where in it a byte is.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// The deepest nesting of blocks, brackets and templates that is read, so that no file can exhaust the stack.
inline constexpr std::size_t max_nesting_depth = 500;

/// A file's text, kept where it is for as long as views into it live.
class SourceText {
 public:
  SourceText(std::string file, std::string text);
  SourceText(const SourceText&) = delete;
  SourceText& operator=(const SourceText&) = delete;
  SourceText(SourceText&&) = default;
  SourceText& operator=(SourceText&&) = default;

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::string_view text() const { return text_; }

  /// The place of the byte at `offset`; the column counts Unicode code points, a byte order mark not
  /// included.
  [[nodiscard]] SourceLocation location(std::size_t offset) const;

  /// The place of `part`, which must be a view into text().
  [[nodiscard]] SourceLocation location(std::string_view part) const {
    return location(static_cast<std::size_t>(part.data() - text_.data()));
  }

 private:
  std::string file_;
  std::string text_;
  std::vector<std::size_t> line_begins_;
};

/// Reads a regular file that is no larger than a configuration.
[[nodiscard]] std::expected<SourceText, InputError> read_source(const std::filesystem::path& file);

/// The byte order mark that some editors put before UTF-8 text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// What stands at `offset`, for "unexpected ..." messages: "word", a character, "end of line" or "end of
/// file".
[[nodiscard]] std::string describe_next(std::string_view text, std::size_t offset);

}  // namespace lockstorm::scenarios
