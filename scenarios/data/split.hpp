// The parts of a text that a character divides.
#pragma once

#include <ranges>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios {

/// Views into the text, empty ones included; of an empty text none.
[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (const auto part : std::views::split(text, separator)) parts.emplace_back(part.begin(), part.end());
  return parts;
}

}  // namespace lockstorm::scenarios
