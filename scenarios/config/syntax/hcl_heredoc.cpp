#include "scenarios/config/syntax/hcl_heredoc.hpp"

#include <algorithm>
#include <array>

namespace lockstorm::scenarios::hcl {
namespace {

/// Unicode's White_Space, but for the newline: what Go's bytes.TrimSpace takes off the marker's line.
constexpr std::array<std::string_view, 24> kSpaces{
    " ",      "\t",     "\v",     "\f",     "\r",     "\u0085", "\u00A0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
    "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

std::string_view without_leading_space(std::string_view text) {
  for (;;) {
    const auto* const space =
        std::ranges::find_if(kSpaces, [&](std::string_view one) { return text.starts_with(one); });
    if (space == kSpaces.end()) return text;
    text.remove_prefix(space->size());
  }
}

}  // namespace

std::string_view heredoc_marker(std::string_view opener) {
  const std::size_t begin = opener.find_first_not_of("<-");
  return opener.substr(begin, opener.find_last_not_of("\r\n") + 1 - begin);
}

std::size_t heredoc_closing_length(std::string_view rest, std::string_view marker) {
  std::string_view after = without_leading_space(rest);
  if (!after.starts_with(marker)) return 0;
  after = without_leading_space(after.substr(marker.size()));
  if (!after.starts_with('\n')) return 0;
  const std::size_t end = rest.size() - after.size();
  return rest[end - 1] == '\r' ? end - 1 : end;
}

}  // namespace lockstorm::scenarios::hcl
