#include "scenarios/fixes/text_lines.hpp"

namespace lockstorm::scenarios {
namespace {

bool says_nothing(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

TextLines::TextLines(std::string_view text) {
  if (text.find("\r\n") != std::string_view::npos) end_ = "\r\n";
  ends_with_line_ = text.empty() || text.ends_with('\n');
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end_.size() == 2 && line.ends_with('\r')) line.remove_suffix(1);
    lines_.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

const std::string& TextLines::line(std::size_t number) const {
  static const std::string none;
  return number == 0 || number > lines_.size() ? none : lines_[number - 1];
}

std::string TextLines::indent(std::size_t number) const {
  const std::string& text = line(number);
  return text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string TextLines::indent_below(std::size_t number) const {
  for (std::size_t next = number + 1; next <= lines_.size(); ++next) {
    if (says_nothing(line(next))) continue;
    std::string found = indent(next);
    return found.size() > indent(number).size() ? found : "";
  }
  return "";
}

void TextLines::set(std::size_t number, std::string text) {
  if (number > 0 && number <= lines_.size()) lines_[number - 1] = std::move(text);
}

void TextLines::insert_below(std::size_t number, std::string text) {
  if (number > 0 && number <= lines_.size())
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(number), std::move(text));
}

void TextLines::erase(std::size_t first, std::size_t last) {
  if (first == 0 || last < first || last > lines_.size()) return;
  lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(first) - 1,
               lines_.begin() + static_cast<std::ptrdiff_t>(last));
}

std::string TextLines::text() const {
  std::string all;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    all += lines_[i] + (i + 1 < lines_.size() || ends_with_line_ ? end_ : "");
  return all;
}

}  // namespace lockstorm::scenarios
