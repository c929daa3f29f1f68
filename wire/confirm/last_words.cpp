#include "wire/confirm/last_words.hpp"

#include <vector>

namespace lockstorm::wire::confirm {
namespace {

constexpr std::size_t kMostLines = 6;
constexpr std::size_t kMostBytes = 400;

std::string_view without_frame(std::string_view line) {
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const std::string_view piece : {" ", "\t", "\r", "│", "╷", "╵"}) {
      if (!line.starts_with(piece)) continue;
      line.remove_prefix(piece.size());
      goes_on = true;
    }
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

// force-unlock colours its text whatever it is told.
std::string without_colours(std::string_view printed) {
  std::string plain;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    const bool begins = printed[i] == '\x1b' && i + 1 < printed.size() && printed[i + 1] == '[';
    if (!begins) {
      plain += printed[i];
      continue;
    }
    i = printed.find('m', i);
    if (i == std::string_view::npos) break;
  }
  return plain;
}

std::vector<std::string_view> lines_of(std::string_view printed) {
  std::vector<std::string_view> lines;
  while (!printed.empty()) {
    const std::string_view line = printed.substr(0, printed.find('\n'));
    printed.remove_prefix(std::min(printed.size(), line.size() + 1));
    if (const std::string_view text = without_frame(line); !text.empty()) lines.push_back(text);
  }
  return lines;
}

}  // namespace

std::string last_words(std::string_view printed) {
  const std::string plain = without_colours(printed);
  const std::vector<std::string_view> lines = lines_of(plain);
  if (lines.empty()) return "";
  std::size_t first = lines.size() - 1;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("Error:")) continue;
    first = i;
    break;
  }
  std::string words;
  for (std::size_t i = first; i < lines.size() && i < first + kMostLines && words.size() < kMostBytes; ++i)
    words.append(words.empty() ? "" : " ").append(lines[i]);
  return words;
}

}  // namespace lockstorm::wire::confirm
