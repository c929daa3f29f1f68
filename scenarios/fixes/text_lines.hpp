// A text as lines, some of which are changed: line ends and everything else stay.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios {

/// That is edited by patterns: no line is worth a deep stack.
inline constexpr std::size_t kLongestLine = 2000;

class TextLines {
 public:
  explicit TextLines(std::string_view text);

  /// Lines count from 1. A line that is not there is empty, and cannot be changed.
  [[nodiscard]] const std::string& line(std::size_t number) const;
  [[nodiscard]] std::size_t count() const { return lines_.size(); }
  /// Blanks at the beginning of the line.
  [[nodiscard]] std::string indent(std::size_t number) const;
  /// That of the first line below that belongs to the mapping which begins at this line: deeper than it, and
  /// neither empty nor a comment. Empty: there is none.
  [[nodiscard]] std::string indent_below(std::size_t number) const;
  void set(std::size_t number, std::string text);
  void insert_below(std::size_t number, std::string text);
  /// Takes the lines from `first` to `last` out, both included.
  void erase(std::size_t first, std::size_t last);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> lines_;  ///< without line ends
  std::string end_ = "\n";
  bool ends_with_line_ = true;
};

}  // namespace lockstorm::scenarios
