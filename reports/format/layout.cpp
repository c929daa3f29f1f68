#include "reports/format/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// Bytes of the first `width` code points.
std::size_t prefix_bytes(std::string_view text, std::size_t width) {
  std::size_t i = 0;
  for (std::size_t seen = 0; i < text.size(); ++i) {
    if (starts_code_point(text[i]) && seen++ == width) break;
  }
  return i;
}

}  // namespace

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_code_point));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines{""};
  width = std::max<std::size_t>(width, 4);
  while (!text.empty()) {
    const std::size_t space = std::min(text.find_first_of(" \n"), text.size());
    std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    while (!word.empty()) {
      const std::size_t used = text_width(lines.back());
      if (used > 0 && used + 1 + text_width(word) <= width) {
        lines.back() += ' ';
      } else if (used > 0) {
        lines.emplace_back();
      }
      const std::size_t taken =
          text_width(lines.back()) + text_width(word) <= width ? word.size() : prefix_bytes(word, width);
      lines.back() += word.substr(0, taken);
      word.remove_prefix(taken);
    }
  }
  return lines;
}

std::string paragraph(std::string_view text, const Style& style, std::size_t indent, std::string_view label) {
  std::string out;
  const std::string margin(indent, ' ');
  for (const std::string& line : wrap(scenarios::printable_lines(text), style.width - indent)) {
    out += out.empty() && !label.empty() ? pad(std::string(label), indent) : margin;
    out += line + "\n";
  }
  return out;
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t used = text_width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ' ');
  return digits;
}

std::string first_few(std::vector<std::string> words, std::size_t most) {
  const std::size_t count = words.size();
  words.resize(std::min(count, most));
  std::string text = fmt::format("{}", fmt::join(words, ", "));
  if (count > most) text += fmt::format(" and {} more", count - most);
  return text;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

}  // namespace lockstorm::reports
