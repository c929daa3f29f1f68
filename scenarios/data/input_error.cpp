#include "scenarios/data/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace lockstorm::scenarios {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string InputError::render() const {
  // Credentials are hidden while the text is whole: without its end a URL shows none.
  const auto shown = [](const std::string& part) { return abridged(printable(part)); };
  std::string text = shown(where.file);
  if (where.line > 0) text += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  text += (text.empty() ? "error: " : ": error: ") + shown(problem);
  if (!expected.empty()) text += "\n  expected: " + shown(expected);
  if (!hint.empty()) text += "\n  hint: " + shown(hint);
  return text;
}

std::string abridged(std::string_view text) {
  constexpr std::size_t kMost = 2000;
  constexpr std::size_t kBeginning = 200;
  constexpr std::size_t kEnd = 100;
  if (text.size() <= kMost) return std::string(text);
  const auto is_inside_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  std::size_t begin = kBeginning;
  std::size_t end = text.size() - kEnd;
  while (begin > kBeginning - 4 && is_inside_character(begin)) --begin;
  while (end < text.size() - kEnd + 4 && is_inside_character(end)) ++end;
  return fmt::format("{} ... ({} bytes are left out) ... {}", text.substr(0, begin), end - begin,
                     text.substr(end));
}

std::string_view nearest_name(std::string_view given, std::span<const std::string_view> valid) {
  constexpr std::size_t kLongestName = 200;  // the distance takes time by both lengths
  if (given.size() > kLongestName) return {};
  std::string_view best;
  std::size_t best_distance = given.size() / 2 + 1;
  for (const std::string_view name : valid) {
    const std::size_t distance = edit_distance(given, name);
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> valid) {
  const std::string_view nearest = nearest_name(given, valid);
  return nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest);
}

}  // namespace lockstorm::scenarios
