#include "reports/format/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/data/input_error.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

// What begins markup inside a line. References to characters are never markup themselves.
constexpr std::string_view kMarkup = "\\`*[]<>&|@~$";

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : scenarios::printable(text)) {
    if (kMarkup.find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// Backticks and pipes cannot be escaped in code spans everywhere; in the element, references can stand for
// them.
std::string markdown_code(std::string_view text) {
  const bool is_plain = text.find_first_of(kMarkup) == std::string_view::npos;
  return is_plain && !text.empty() ? fmt::format("`{}`", scenarios::printable(text))
                                   : fmt::format("<code>{}</code>", markdown_text(text));
}

std::string markdown_prose(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t begin = text.find('`');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
    if (end == std::string_view::npos || end == begin + 1) return out + markdown_text(text);
    out += markdown_text(text.substr(0, begin)) + markdown_code(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string markdown_block(std::string_view text) {
  std::string lines = scenarios::printable_lines(text);
  if (!lines.ends_with('\n')) lines += '\n';
  const std::string fence(std::max<std::size_t>(longest_run(lines, '`') + 1, 4), '`');
  return fmt::format("{}text\n{}{}\n", fence, lines, fence);
}

}  // namespace lockstorm::reports
