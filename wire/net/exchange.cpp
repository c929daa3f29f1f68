#include "wire/net/exchange.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace lockstorm::wire {

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// What is no escape stays as it is.
std::string decoded(std::string_view text, bool is_query) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const begin = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(begin, begin + 2, byte, 16).ptr == begin + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += is_query && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

void split_target(std::string_view target, HttpRequest& request) {
  // Who is asked as a proxy is told the whole URL (RFC 9112, 3.2.2).
  constexpr std::string_view kScheme = "http://";
  if (target.starts_with(kScheme))
    target.remove_prefix(std::min(target.find('/', kScheme.size()), target.size()));
  const std::size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark == std::string_view::npos) return;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    std::string value = equals == std::string_view::npos ? "" : decoded(part.substr(equals + 1), true);
    if (!part.empty())
      request.query.insert_or_assign(decoded(part.substr(0, equals), true), std::move(value));
  }
}

}  // namespace lockstorm::wire
