// A whole number in a range, read from text that must be nothing else.
#pragma once

#include <charconv>
#include <string_view>

namespace lockstorm::scenarios {

template <class Integer>
bool read_number(std::string_view text, Integer least, Integer most, Integer& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && out >= least && out <= most;
}

}  // namespace lockstorm::scenarios
