#include "reports/format/shell.hpp"

#include <fmt/format.h>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::reports {
namespace {

// The same bytes as bash, zsh and ksh read them, with nothing raw that is not plain, and no `##[` or
// `##vso[`, which commands some logs wherever it stands.
std::string shell_escaped_word(const std::string& text) {
  std::string word = "$'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      word += fmt::format("\\{}", c);
    } else {
      word += byte < 0x20 || byte >= 0x7F || c == '#' ? fmt::format("\\{:03o}", byte) : std::string(1, c);
    }
  }
  return word + "'";
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+,:=@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  if (scenarios::printable(text) != text) return shell_escaped_word(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace lockstorm::reports
